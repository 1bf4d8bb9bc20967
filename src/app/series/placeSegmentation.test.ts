import { expect, it, vi } from 'vitest';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { appError } from '#core/errors.ts';
import { emptyLabelmap } from '#core/labelmap/labelmap.ts';
import { err, ok } from '#core/result.ts';
import type { PlacingChoices, SegmentationFormat } from '#extension-api';
import { createShell } from '../shell/createShell.ts';
import { askInShell, placeSegmentation } from './placeSegmentation.ts';

const placed = { labelmap: emptyLabelmap({ columns: 1, rows: 1, slices: 1 }), notes: [], header: {} };
const series = {} as ImageSeries;

/** Refuses until it has each of the choices that it asks for. */
function demanding(...needed: readonly (keyof PlacingChoices)[]) {
  const decode = vi.fn((_bytes: Uint8Array, _series: ImageSeries, choices: PlacingChoices = {}) => {
    const choice = needed.find((name) => choices[name] === undefined);
    return choice === undefined ? ok(placed) : err({ ...appError('refused', 'On another grid.'), choice });
  });
  return { decode } as unknown as SegmentationFormat & { readonly decode: typeof decode };
}

const place = (format: SegmentationFormat, shell = createShell()) => ({
  shell,
  result: placeSegmentation(format, new Uint8Array(), series, askInShell(shell)),
});

it('asks nothing where nothing needs to be asked', async () => {
  const { shell, result } = place(demanding());
  expect(await result).toEqual(ok(placed));
  expect(shell.state.getState()).toMatchObject({ question: undefined, shareQuestion: undefined });
});

it('resamples only after the reader has agreed to it, with the grids in the question', async () => {
  const format = demanding('resample');
  const { shell, result } = place(format);
  await vi.waitFor(() => expect(shell.state.getState().question?.detail).toContain('On another grid.'));
  expect(format.decode).toHaveBeenCalledTimes(1);
  shell.state.getState().question?.answer(true);
  expect(await result).toEqual(ok(placed));
  expect(format.decode.mock.lastCall?.[2]).toEqual({ resample: true });
});

it('opens nothing where the reader declines', async () => {
  const { shell, result } = place(demanding('resample'));
  await vi.waitFor(() => expect(shell.state.getState().question).toBeDefined());
  shell.state.getState().question?.answer(false);
  expect(await result).toBeUndefined();
});

it('asks for a threshold with half as the offer, then for resampling, and keeps both answers', async () => {
  const format = demanding('fractionThreshold', 'resample');
  const { shell, result } = place(format);
  await vi.waitFor(() => expect(shell.state.getState().shareQuestion?.initial).toBe(0.5));
  shell.state.getState().shareQuestion?.answer(0.3);
  await vi.waitFor(() => expect(shell.state.getState().question).toBeDefined());
  shell.state.getState().question?.answer(true);
  await result;
  expect(format.decode.mock.lastCall?.[2]).toEqual({ fractionThreshold: 0.3, resample: true });
});

it('does not ask the same again of a format that is never content', async () => {
  const error = { ...appError('refused', 'Never.'), choice: 'resample' as const };
  const { shell, result } = place({ decode: () => err(error) } as unknown as SegmentationFormat);
  await vi.waitFor(() => expect(shell.state.getState().question).toBeDefined());
  shell.state.getState().question?.answer(true);
  expect(await result).toEqual(err(error));
});
