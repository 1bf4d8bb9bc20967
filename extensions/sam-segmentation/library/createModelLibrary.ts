import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { parseManifest } from '../inference/manifest.ts';
import { writableState } from '../session/writableState.ts';
import { type AddSetup, addModel, doingOf, type TestModel } from './addModel.ts';
import { type BuiltIn, builtInLicence, readBuiltIns } from './builtIn.ts';
import { type DiskFolder, diskFolder } from './diskFolder.ts';
import { type Draft, drafted, draftedFolder, draftOf } from './draftManifest.ts';
import { alreadyThere } from './failures.ts';
import { type Candidate, lookAt, offerOf } from './lookAt.ts';
import type { ModelFolder } from './modelFolder.ts';
import type { Adding, LibraryModel, ModelLibrary, TestState } from './modelLibrary.ts';
import type { ModelStore, StoredModel } from './modelStore.ts';
import { manifestAddress, webFolder } from './webFolder.ts';

export interface LibrarySetup {
  /** Of this installation, the one that is prompted first. */
  readonly builtIn: readonly [BuiltIn, ...BuiltIn[]];
  /** Undefined where this page may keep nothing. */
  readonly store: ModelStore | undefined;
  /** Told where there is no store. */
  readonly noStore: AppError;
  readonly test: TestModel;
  /** Remembers the choice. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
  /** Address of this page. */
  readonly page: string;
  readonly hosts: readonly string[];
  readonly now?: () => Date;
}

const CHOICE = 'voxprompt.model';

/** The library of a page; see {@link ModelLibrary}. */
export function createModelLibrary(setup: LibrarySetup): ModelLibrary {
  const { builtIn, store, storage, test, now = () => new Date() } = setup;
  const [usual] = builtIn;
  const models = writableState<readonly LibraryModel[]>([]);
  const adding = writableState<Adding>({ kind: 'nothing' });
  const chosen = writableState(storage.getItem(CHOICE) ?? usual.id);
  const gone = writableState<string | undefined>(undefined);
  let going = new AbortController();
  let candidate: Candidate | undefined;
  let draft: { readonly folder: DiskFolder; readonly draft: Draft } | undefined;

  function begin(): AbortSignal {
    going.abort();
    going = new AbortController();
    candidate = undefined;
    draft = undefined;
    return going.signal;
  }
  /** What comes late, after a cancel or another start, is not told any more. */
  const teller = (signal: AbortSignal) => (next: Adding) => {
    if (!signal.aborted) adding.set(next);
  };
  const refuse = (error: AppError, tell: (next: Adding) => void): void =>
    tell(error.code === 'cancelled' ? { kind: 'nothing' } : { kind: 'refused', error });

  const setTest = (id: string, state: TestState): void =>
    models.set(models.getState().map((model) => (model.id === id ? { ...model, test: state } : model)));

  async function refresh(): Promise<void> {
    const [own, kept] = await Promise.all([readBuiltIns(builtIn), listed()]);
    const before = new Map(models.getState().map((model) => [model.id, model.test]));
    models.set(
      [...own, ...(kept?.map(addedModel) ?? models.getState().filter(({ added }) => added !== undefined))].map(
        (model) => {
          const state = before.get(model.id);
          return state === undefined || state.kind === 'not-run' ? model : { ...model, test: state };
        },
      ),
    );
    if (kept !== undefined) lookForChosen(kept);
  }

  /** Undefined where this browser's disk cannot be read just now: that says nothing of what is on it. */
  const listed = async (): Promise<readonly StoredModel[] | undefined> => {
    if (store === undefined) return [];
    return store.list().catch(() => undefined);
  };

  /** Deleted in another window, or cleared away by the browser. */
  function lookForChosen(kept: readonly StoredModel[]): void {
    const id = chosen.getState();
    if ([...builtIn, ...kept.map(({ manifest }) => manifest)].some((model) => model.id === id)) return;
    choose(usual.id);
    gone.set(id);
  }

  function choose(id: string): void {
    try {
      storage.setItem(CHOICE, id);
    } catch {
      // Storage that is full or forbidden: the choice holds until the page is closed.
    }
    chosen.set(id);
  }

  function offer(found: Candidate, tell: (next: Adding) => void): void {
    const { id, name } = found.manifest;
    if (models.getState().some((model) => model.id === id)) {
      refuse(alreadyThere(name), tell);
      return;
    }
    candidate = found;
    tell({ kind: 'offered', offer: offerOf(found) });
  }

  async function look(folder: ModelFolder, signal: AbortSignal): Promise<void> {
    const tell = teller(signal);
    tell({ kind: 'looking', at: folder.origin.name });
    const found = await lookAt(folder, { signal });
    if (found.ok && !signal.aborted) offer(found.value, tell);
    else if (!found.ok) refuse(found.error, tell);
  }

  return {
    models,
    adding,
    chosen,
    gone,
    hosts: setup.hosts,
    closed: store === undefined ? setup.noStore : undefined,
    refresh,
    choose,
    async chosenUrl() {
      const isOwn = (): boolean => builtIn.some(({ id }) => id === chosen.getState());
      const kept = isOwn() ? undefined : await listed();
      if (kept !== undefined) lookForChosen(kept);
      const id = chosen.getState();
      return (
        (isOwn() ? undefined : store?.manifestUrl(id)) ??
        builtIn.find((own) => own.id === id)?.manifestUrl ??
        usual.manifestUrl
      );
    },
    async licenceText(id) {
      const own = builtIn.find((model) => model.id === id);
      if (own !== undefined) return builtInLicence(own);
      const kept = (await store?.list())?.find(({ manifest }) => manifest.id === id);
      return kept === undefined ? err(notThere()) : ok(kept.record.licence.text);
    },
    async test(id) {
      const url = builtIn.find((model) => model.id === id)?.manifestUrl ?? store?.manifestUrl(id);
      const model = models.getState().find((each) => each.id === id);
      if (url === undefined || model === undefined || model.test.kind === 'running') return;
      setTest(id, { kind: 'running', doing: '' });
      const tested = await test(url, { onProgress: (step) => setTest(id, { kind: 'running', doing: doingOf(step) }) });
      setTest(
        id,
        tested.ok
          ? { kind: 'passed', words: tested.value.words, at: now().toISOString() }
          : { kind: 'failed', error: tested.error },
      );
    },
    async remove(id) {
      if (builtIn.some((model) => model.id === id)) return;
      if (chosen.getState() === id) choose(usual.id);
      await store?.remove(id);
      await refresh();
    },

    async lookAtAddress(address) {
      const signal = begin();
      const url = manifestAddress(address, setup);
      if (!url.ok) return refuse(url.error, teller(signal));
      await look(webFolder(url.value), signal);
    },
    async lookAtFiles(files) {
      const signal = begin();
      const tell = teller(signal);
      const folder = diskFolder(files);
      if (!folder.ok) return refuse(folder.error, tell);
      if (folder.value.hasManifest) return look(folder.value, signal);
      const at = folder.value.origin.name;
      tell({ kind: 'looking', at });
      const found = await draftOf(folder.value, {
        signal,
        onProgress: ({ loaded, total }) => tell({ kind: 'looking', at, loaded, total }),
      });
      if (!found.ok) return refuse(found.error, tell);
      if (signal.aborted) return;
      draft = { folder: folder.value, draft: found.value };
      tell({ kind: 'asking', recognised: found.value.recognised, proposed: found.value.proposed });
    },
    answer(answers) {
      if (draft === undefined) return;
      const tell = teller(going.signal);
      const text = drafted(draft.draft, answers);
      const manifest: Result<Candidate['manifest']> = text.ok ? parseManifest(text.value, 'manifest.json') : text;
      if (!text.ok || !manifest.ok) {
        const problem = text.ok ? (manifest.ok ? undefined : manifest.error) : text.error;
        tell({
          kind: 'asking',
          recognised: draft.draft.recognised,
          proposed: answers,
          ...(problem === undefined ? {} : { problem }),
        });
        return;
      }
      const licenceText = answers.licenceText.trim() === '' ? answers.licence : answers.licenceText;
      const folder = draftedFolder(draft.folder, draft.draft);
      offer({ folder, manifest: manifest.value, manifestText: text.value, licenceText, drafted: true }, tell);
    },
    async accept() {
      const taking = candidate;
      if (taking === undefined || store === undefined) return;
      candidate = undefined;
      const { signal } = going;
      const tell = teller(signal);
      const setupOf: AddSetup = { store, test, now, taken: new Set(builtIn.map(({ id }) => id)) };
      const added = await addModel(taking, setupOf, signal, tell);
      await refresh();
      const { id, name } = taking.manifest;
      if (added.ok) tell({ kind: 'added', id, name, words: added.value.words });
      else refuse(added.error, tell);
    },
    cancel() {
      begin();
      adding.set({ kind: 'nothing' });
    },
  };
}

const addedModel = ({ manifest, record }: StoredModel): LibraryModel => ({
  id: manifest.id,
  name: manifest.name,
  version: manifest.version,
  family: manifest.family,
  role: 'prompt',
  licence: manifest.licence.spdx,
  source: manifest.source.description,
  bytes: record.bytes,
  added: { from: record.from, at: record.addedAt },
  test: { kind: 'passed', words: record.test.words, at: record.test.at },
});

const notThere = (): AppError => appError('model-file-unreadable', 'The model is not in this browser any more.');
