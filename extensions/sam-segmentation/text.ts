const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
const on = (k: number): string => `slice ${k + 1}`;

/** Every word of the extension that a reader sees or hears, but for why a side ended (propagation/stopReason.ts). */
export const text = {
  /** Slices are counted from 1 on the screen. */
  sliceNumber: (k: number) => String(k + 1),
  plural,
  pending: 'Lesion under review',
  refused: {
    reformat: 'Prompts are drawn on the slices as they were acquired.',
    reformatDetail: 'Draw on the first view; the reformats show the result.',
    noBox: 'Draw a box on this slice first; points refine it.',
    nothingLeft: 'The lesion needs one slice with something on it. Drop it with Esc instead.',
    sliceFailed: 'A slice failed: try it again, or remove its prompt.',
    sliceWorking: 'A slice is still being computed.',
  },
  told: {
    dropped: 'Dropped. Nothing was written; it can be brought back.',
    stopped: 'Stopped. What was found is kept.',
    accepted: (label: string, slices: number) => `${label} accepted on ${plural(slices, 'slice')}.`,
    propagated: (slices: number) => `Propagated over ${plural(slices, 'slice')}. Review, then accept.`,
    progress: (done: number, of: number | undefined) => `${done}${of === undefined ? '' : ` of about ${of}`} slices.`,
    box: (width: number, height: number, column: number, row: number) =>
      `Box ${width} by ${height} pixels at column ${column}, row ${row}.`,
  },
  /** Names of undo steps. */
  step: {
    box: (k: number) => `Box on ${on(k)}`,
    point: (k: number) => `Point on ${on(k)}`,
    'move-point': (k: number) => `Move a point on ${on(k)}`,
    'remove-point': (k: number) => `Remove a point of ${on(k)}`,
    'remove-slice': (k: number) => `Remove the prompts of ${on(k)}`,
    'set-end': (k: number) => `End at ${on(k)}`,
    propagate: 'Propagation',
    escape: 'Drop the lesion',
  },
  command: {
    box: 'Box',
    inside: 'Point on lesion',
    outside: 'Point beside lesion',
    placeBox: 'Place a box on this slice',
    removePrompts: 'Remove the prompts of this slice',
    propagate: 'Propagate',
    accept: 'Accept',
    retry: 'Try again',
    placeFirstBox: 'Place a box here',
    acceptAsShown: 'Accept as shown',
    stop: 'Stop, keep what was found',
    reject: 'Drop the lesion',
    restore: 'Bring the dropped lesion back',
    nextDoubtful: 'Next doubtful slice',
    newLesion: 'Accept into a new segment',
  },
} as const;
