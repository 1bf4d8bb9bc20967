import { appError, assertNever } from '#core/errors.ts';
import type { EncodedSegmentation } from '#extension-api';
import type { Recovery, RunStart, SaveEffect, SaveEvent, SaveForm, SaveSession } from './saveState.ts';

interface Step {
  readonly session: SaveSession;
  readonly effects: readonly SaveEffect[];
}

/** One step of saving. Pure; an event of a run that is over, or without meaning in the phase, changes nothing. */
export function stepSave(session: SaveSession, event: SaveEvent): Step {
  const { save } = session;
  const stay: Step = { session, effects: [] };
  const to = (next: SaveSession['save'], effects: readonly SaveEffect[] = []): Step => ({
    session: { ...session, save: next },
    effects,
  });
  switch (event.kind) {
    case 'open':
      return save.phase === 'closed' || save.phase === 'stored' ? to({ phase: 'editing', form: event.form }) : stay;
    case 'edit':
      return save.phase === 'editing' ? to({ ...save, form: event.form }) : stay;
    case 'suggest-number':
      return save.phase === 'editing' && save.form.seriesNumber === event.instead
        ? to({ ...save, form: { ...save.form, seriesNumber: event.seriesNumber } })
        : stay;
    case 'start':
      return save.phase === 'editing' ? begin(session, save.form, 'validate', undefined) : stay;
    case 'at-step':
      return isRun(save, event) ? to({ ...save, step: event.step, share: undefined }) : stay;
    case 'progress':
      return isRun(save, event) ? to({ ...save, share: event.share }) : stay;
    case 'encoded':
      return isRun(save, event) ? to({ ...save, encoded: event.encoded }) : stay;
    case 'failed': {
      if (!isRun(save, event)) return stay;
      const { step, error, recovery } = event;
      return to({ phase: 'failed', form: save.form, encoded: save.encoded, step, error, recovery });
    }
    case 'stored':
      return isRun(save, event) && save.encoded !== undefined
        ? to({ phase: 'stored', form: save.form, encoded: save.encoded, warnings: event.warnings })
        : stay;
    case 'recover':
      return save.phase === 'failed' ? recovered(session, save.form, save.recovery, save.encoded) : stay;
    case 'close':
      return closed(session);
    default:
      return assertNever(event);
  }
}

function isRun(
  save: SaveSession['save'],
  event: { readonly run: number },
): save is Extract<SaveSession['save'], { phase: 'running' }> {
  return save.phase === 'running' && save.run === event.run;
}

function begin(session: SaveSession, form: SaveForm, from: RunStart, encoded: EncodedSegmentation | undefined): Step {
  const run = session.serial + 1;
  const step = from === 'validate' ? 'validate' : from === 'send' ? 'send' : 'read-back';
  return {
    session: { serial: run, save: { phase: 'running', run, step, share: undefined, form, encoded } },
    effects: [{ kind: 'run', run, from }],
  };
}

function recovered(
  session: SaveSession,
  form: SaveForm,
  recovery: Recovery,
  encoded: EncodedSegmentation | undefined,
): Step {
  switch (recovery) {
    case 'edit':
      return { session: { ...session, save: { phase: 'editing', form } }, effects: [] };
    case 'new-object':
      return begin(session, form, 'validate', undefined);
    case 'send-again':
    case 'ask':
      // Without the bytes there is nothing to ask for or to send: from the start, under a new UID.
      return encoded === undefined
        ? begin(session, form, 'validate', undefined)
        : begin(session, form, recovery === 'ask' ? 'ask' : 'send', encoded);
    default:
      return assertNever(recovery);
  }
}

/**
 * Closing while the archive may be storing does not end in silence: what was sent may be there, so the outcome is to ask. Before
 * anything was sent, closing just closes.
 */
function closed(session: SaveSession): Step {
  const { save } = session;
  if (save.phase === 'running' && save.encoded !== undefined && ['send', 'read-back', 'compare'].includes(save.step)) {
    return {
      session: {
        ...session,
        save: {
          phase: 'failed',
          form: save.form,
          encoded: save.encoded,
          step: save.step,
          error: appError('save-cancelled', 'Saving was stopped after the object had been sent.', {
            remedy: 'Ask the archive whether it has it.',
          }),
          recovery: 'ask',
        },
      },
      effects: [{ kind: 'cancel' }],
    };
  }
  return {
    session: { ...session, save: { phase: 'closed' } },
    effects: save.phase === 'running' ? [{ kind: 'cancel' }] : [],
  };
}
