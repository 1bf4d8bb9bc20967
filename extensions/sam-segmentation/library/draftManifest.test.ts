import { describe, expect, it } from 'vitest';
import { refusal, setUp } from '../../../test/support/models/openedLibrary.ts';
import { tinyFolder } from '../../../test/support/models/tinyFolder.ts';
import type { DraftAnswers } from './draftManifest.ts';

describe('a folder of graphs without a manifest', () => {
  it('is asked for what the graphs do not say, and becomes a model', async () => {
    const { library } = setUp();
    const files = tinyFolder('medsam', { 'manifest.json': undefined }, 'our fine-tune').map(({ path, blob }) => ({
      path: path.replace('encoder.onnx', 'image encoder (2).onnx'),
      blob,
    }));
    await library.lookAtFiles(files);
    const asking = library.adding.getState();
    if (asking.kind !== 'asking') throw new Error(asking.kind);
    expect(asking.proposed).toMatchObject({ name: 'our fine-tune', pixels: undefined, licenceText: 'You may.' });

    const answers: DraftAnswers = { ...asking.proposed, licence: 'LicenseRef-ours', pixels: 'bytes-imagenet' };
    library.answer({ ...answers, pixels: undefined });
    expect(library.adding.getState()).toMatchObject({ kind: 'asking', problem: { code: 'model-draft-incomplete' } });
    library.answer(answers);
    expect(library.adding.getState()).toMatchObject({ kind: 'offered', offer: { drafted: true } });
    await library.accept();
    expect(refusal(library)[0]).toBe('model-self-test-failed');

    await library.lookAtFiles(files);
    library.answer({ ...answers, pixels: 'unit' });
    await library.accept();
    expect(library.adding.getState()).toMatchObject({ kind: 'added', id: 'our-fine-tune', name: 'our fine-tune' });
  });

  it('is refused where the graphs are of no known family', async () => {
    const { library } = setUp();
    await library.lookAtFiles([{ path: 'x/notes.txt', blob: new Blob(['no model']) }]);
    expect(refusal(library)[0]).toBe('model-not-recognised');
    await library.lookAtFiles([]);
    expect(refusal(library)[0]).toBe('model-folder-unclear');
    await library.lookAtFiles([...tinyFolder('sam2', {}, 'models/a'), ...tinyFolder('edge-sam', {}, 'models/b')]);
    expect(refusal(library)).toEqual(['model-folder-unclear', expect.stringContaining('several models')]);
  });
});
