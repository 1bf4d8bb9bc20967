import type { AppError } from '#core/errors.ts';
import type { SlicePoint } from '#core/geometry/coordinates.ts';
import type { Host, Tool } from '#extension-api';
import { boxFromDrag } from '../prompt/sliceBox.ts';
import type { SamSession } from '../session/session.ts';
import { text } from '../text.ts';
import { redrawPrompts, showPrompts } from './promptAnnotations.ts';
import { type PromptPort, promptedExtent } from './promptPort.ts';
import type { RangeGesture } from './rangeGesture.ts';
import { SamBoxTool } from './SamBoxTool.ts';
import { SamPointNegativeTool, SamPointPositiveTool } from './SamPointTool.ts';

/** Tools and the session they speak to, which exists only once the host does. */
export interface ConnectedTools {
  readonly tools: readonly Tool[];
  /** Draws the session's prompts from now on, and sends it what is drawn. */
  connect(host: Host, session: SamSession): () => void;
}

/** @param gestureAcross what the box tool does in views across the slices; nothing where it is not given */
export function connectedTools(gestureAcross?: (prompts: () => PromptPort) => RangeGesture): ConnectedTools {
  let wired: { readonly host: Host; readonly session: SamSession } | undefined;
  /** While a handle is held the annotation leads, and must not be replaced under the pointer. */
  let held = false;

  const show = (): void => {
    if (held) return;
    const open = wired?.host.viewer.openSeries.getState();
    const lesion = wired?.session.state.getState().lesion;
    const slices = lesion !== undefined && 'prompts' in lesion ? lesion.prompts.slices : new Map();
    showPrompts(open && { stack: open.series.stack, imageIds: open.imageIds, slices });
  };

  const port: PromptPort = {
    ground: () => {
      const open = wired?.host.viewer.openSeries.getState();
      if (open === undefined || wired?.session.state.getState().ground.kind !== 'open') return undefined;
      return { stack: open.series.stack, imageIds: open.imageIds };
    },
    box(k, from, to, draft) {
      held = draft;
      const plane = port.ground()?.stack.planes[k];
      if (wired === undefined || plane === undefined) return;
      const box = boxFromDrag(from, to, plane);
      if (box.ok) wired.session.send({ kind: 'box', k, box: box.value, draft });
      else if (!draft) warn(wired.host, box.error);
      // Also where nothing changed: the annotation of a box that was refused, or cut at the image's edge.
      show();
    },
    point(k, at, inside) {
      wired?.session.send({ kind: 'point', k, point: { at, inside } });
      show();
    },
    movePoint(k, from, to, inside) {
      const index = indexOfPoint(wired?.session, k, from, inside);
      if (index !== undefined) wired?.session.send({ kind: 'move-point', k, index, at: to });
      show();
    },
    range(extent) {
      if (wired === undefined) return;
      if (extent.ok) wired.session.send({ kind: 'set-range', ...extent.value });
      else told(wired.host, 'info', extent.error);
    },
    extent() {
      const lesion = wired?.session.state.getState().lesion;
      return lesion !== undefined && 'prompts' in lesion ? promptedExtent(lesion.prompts) : undefined;
    },
    refuse(reason) {
      if (wired === undefined) return;
      const { ground } = wired.session.state.getState();
      if (ground.kind === 'refused') warn(wired.host, ground.error);
      else if (reason === 'not-the-acquisition-plane') {
        wired.host.notices.show({
          kind: 'info',
          title: text.refused.reformat,
          detail: text.refused.reformatDetail,
        });
      }
    },
  };

  const across = gestureAcross?.(() => port);
  const tool = (
    toolClass: typeof SamBoxTool | typeof SamPointPositiveTool,
    title: string,
    reformats = false,
  ): Tool => ({
    toolName: toolClass.toolName,
    toolClass,
    title,
    configuration: { prompts: port, reformats, ...(reformats ? { across } : {}) },
  });

  return {
    tools: [
      tool(SamBoxTool, text.command.box, across !== undefined),
      tool(SamPointPositiveTool, text.command.inside),
      tool(SamPointNegativeTool, text.command.outside),
    ],
    connect(host, session) {
      wired = { host, session };
      let shown: unknown;
      const stop = session.state.subscribe(() => {
        const { lesion } = session.state.getState();
        const prompts = 'prompts' in lesion ? lesion.prompts : undefined;
        if (prompts === shown) return;
        shown = prompts;
        show();
        redrawPrompts();
      });
      return () => {
        stop();
        held = false;
        showPrompts(undefined);
        wired = undefined;
      };
    },
  };
}

const told = (host: Host, kind: 'info' | 'warning', { message, remedy, cause }: AppError): void => {
  const detail = [cause, remedy].filter((line) => line !== undefined).join(' ');
  host.notices.show({ kind, title: message, ...(detail === '' ? {} : { detail }) });
};

const warn = (host: Host, error: AppError): void => told(host, 'warning', error);

function indexOfPoint(session: SamSession | undefined, k: number, at: SlicePoint, inside: boolean): number | undefined {
  const lesion = session?.state.getState().lesion;
  if (lesion === undefined || !('prompts' in lesion)) return undefined;
  const points = lesion.prompts.slices.get(k)?.points ?? [];
  const index = points.findIndex(
    (point) => point.inside === inside && Math.hypot(point.at[0] - at[0], point.at[1] - at[1]) < 0.01,
  );
  return index < 0 ? undefined : index;
}
