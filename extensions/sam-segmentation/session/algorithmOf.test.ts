import { describe, expect, it } from 'vitest';
import { brightnessModel } from '../segmenter/testing/brightnessModel.ts';
import { brightVolumeModel } from '../segmenter/testing/brightVolumeModel.ts';
import { algorithmOf } from './algorithmOf.ts';
import { drawn, play, reviewed } from './testing/playSession.ts';

const window = { lower: 0, upper: 100, source: 'manifest' } as const;
const made = {
  manifest: brightnessModel().manifest,
  backend: 'WebAssembly',
  helpedBy: brightVolumeModel().manifest,
  alsoSeen: ['PT', 'MR'],
};

describe('how a lesion came to be', () => {
  it('names the other series that the volume model has looked at', () => {
    const algorithm = algorithmOf(reviewed().state.lesion, made, window);
    expect(algorithm).toMatchObject({
      name: 'Brightness + Bright volume',
      parameters: expect.stringMatching(/, also seen in PT and MR$/),
    });
  });

  it('says nothing of them where the volume model had no part in it', () => {
    const session = play(20, drawn(10));
    session.answer(10);
    const algorithm = algorithmOf(session.state.lesion, made, window);
    expect(algorithm).toMatchObject({ name: 'Brightness', parameters: expect.not.stringContaining('also seen') });
  });
});
