import type { RegisteredVerdict } from './segmenter/registeredSource.ts';

interface NamedSeries {
  readonly modality: string;
  readonly description: string | undefined;
  readonly images: number | undefined;
}

const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
const on = (k: number): string => `slice ${k + 1}`;
const slices = (first: number, last: number): string =>
  first === last ? on(first) : `slices ${first + 1} to ${last + 1}`;

/** Every word of the extension that a reader sees or hears, but for why a side ended (propagation/stopReason.ts). */
export const text = {
  /** Slices are counted from 1 on the screen. */
  sliceNumber: (k: number) => String(k + 1),
  plural,
  pending: 'lesion under review',
  refused: {
    reformat: 'Prompts are drawn on the slices as they were acquired.',
    reformatDetail: 'Draw on the first view; the reformats show the result.',
    noBox: 'Draw a box on this slice first; points refine it.',
    nothingLeft: 'The lesion needs one slice with something on it. Drop it with Esc instead.',
    nothingDoubtful: 'No slice stands out by its score or its area. Scroll through the result before you accept it.',
    sliceFailed: 'A slice failed: try it again, or remove its prompt.',
    sliceWorking: 'A slice is still being computed.',
  },
  propagation: {
    volumeModel: 'Volume model',
    label: 'Neighbours',
    choice: 'Model that makes the slices without a box',
    volume: 'Volume model',
    sam: (name: string) => `${name}, slice by slice`,
    promptedModel: 'Prompted model',
    failed: (name: string) => `The volume model cannot be used; ${name} propagates slice by slice.`,
    again: 'Load again',
  },
  /** Other series of the study that the volume model looks at. */
  others: {
    label: 'Also looks at',
    name: ({ modality, description }: NamedSeries) => [modality, description].filter(Boolean).join(' '),
    whole: (series: NamedSeries) =>
      [text.others.name(series), ...(series.images === undefined ? [] : [plural(series.images, 'image')])].join(', '),
    waiting: 'Read with the first box.',
    reading: (done: number, total: number | undefined) =>
      total === undefined ? 'Reading…' : `Reading ${done} of ${total}`,
    ready: 'Read: has its say in the lesion.',
    verdict: ({ score, counted, error }: RegisteredVerdict) => {
      if (error !== undefined) return `Could not be read: ${error.message}`;
      if (score === undefined) return 'Has no image there: left out.';
      // Rounded down: what misses the limit by little must not read as if it had reached it.
      const shown = (Math.floor(score * 100) / 100).toFixed(2);
      return counted ? `Shows the lesion (${shown}): counts.` : `Unclear there (${shown}): left out.`;
    },
    failed: ({ message }: { readonly message: string }) => `Could not be read: ${message}`,
    notListed: ({ message }: { readonly message: string }) => `Other series are not looked at: ${message}`,
    apart: {
      'no-frame': 'Left out: no frame of reference says where it lies.',
      'other-frame': 'Left out: it lies in another frame of reference.',
      'not-parallel': 'Left out: slices are not parallel, or not evenly spaced.',
    },
  },
  told: {
    doubtful: (k: number, index: number, count: number) => `Slice ${k + 1}, ${index + 1} of ${count} worth a look.`,
    dropped: 'Dropped. Nothing was written; it can be brought back.',
    stopped: 'Stopped. What was found is kept.',
    accepted: (label: string, slices: number) => `${label} accepted on ${plural(slices, 'slice')}.`,
    propagated: (slices: number) => `Propagated over ${plural(slices, 'slice')}. Review, then accept.`,
    range: (first: number, last: number) => `The lesion goes over ${slices(first, last)}, as you drew it.`,
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
    'set-range': (first: number, last: number) => `Range: ${slices(first, last)}`,
    propagate: 'Propagation',
    escape: 'Drop the lesion',
  },
  strip: {
    name: 'Propagation',
    vacant: 'The lesion, slice by slice, appears here.',
    cells: 'Slices of the lesion',
    firstEnd: 'First slice of the lesion',
    lastEnd: 'Last slice of the lesion',
    slice: (k: number) => `Slice ${k + 1}`,
    first: 'First',
    last: 'Last',
    given: 'Set by you.',
    brokeOff: 'The run broke off here; try again to go on.',
    legend: 'Bars: area. Line: score. ◆ yours.',
    doubtful: (count: number) => `${plural(count, 'slice')} worth a look`,
    running: (done: number, expected: number) => `${plural(done, 'slice')} of about ${expected}`,
    pace: (ms: number) => (ms < 95 ? 'under 0.1 s each' : `${(ms / 1000).toFixed(1)} s each`),
    aFewSeconds: 'a few seconds left',
    seconds: (count: number) => `about ${count} s left`,
    minutes: (count: number) => `about ${count} min left`,
    nothingYet: 'nothing yet',
    empty: 'empty',
    area: (mm2: number) => `${Math.round(mm2)} mm²`,
    score: (score: number) => `score ${score.toFixed(2)}`,
    yourBox: 'your box',
    painted: 'painted by you',
    stale: 'to be redone',
    worthALook: 'worth a look',
  },
  next: {
    open: 'Open a series to begin.',
    idle: 'Take the box tool and drag over the lesion, on a slice where it is large.',
    accepted: (label: string, slices: number) =>
      `${label} has ${plural(slices, 'slice')}. Draw a box for the next lesion, or save.`,
    rejected: 'Dropped; nothing was written. Draw a new box, or bring it back.',
    propagating: 'Looking for the ends of the lesion. You may scroll; a box on a bad slice stops here and corrects it.',
    endOpen: 'An end of the lesion has to be looked for again. Do so, or accept as shown.',
    redo: (slices: number, cost: string | undefined) =>
      `Your correction changes ${plural(slices, 'slice')}${cost === undefined ? '' : `, ${cost}`}. Redo ${slices === 1 ? 'it' : 'them'}, or accept as shown.`,
    cost: (ms: number) => (ms < 1500 ? 'about a second' : `about ${Math.ceil(ms / 1000)} s`),
    review: 'Scroll through the result. Box or paint a bad slice, or drag an end of the strip; then accept.',
    failed: 'The preview failed. Your prompts are kept: try again.',
    working: 'Computing the preview.',
    prompting:
      'Adjust the box, or add points; a box in another plane says how far the lesion goes. Then propagate through the neighbouring slices.',
    ranged: (first: number, last: number) =>
      `You gave both ends: ${slices(first, last)}. Adjust the box or the ends, then propagate.`,
  },
  panel: {
    name: 'SAM',
    redo: 'Redo changed slices',
    boxTool: 'Box tool',
    acceptSlice: 'Accept this slice',
    acceptShown: 'Accept as shown',
    drop: 'Drop',
    stop: 'Stop',
    restore: 'Bring it back',
    goesInto: 'Goes into',
    target: 'Segment that the lesion goes into',
    newSegment: 'A new segment',
    add: (label: string) => `${label} (add)`,
    held: (label: string) => `Most of this lies in ${label}, which keeps its voxels.`,
    addTo: (label: string) => `Add to ${label}`,
  },
  /** Beside a box that is being drawn across the slices. */
  range: {
    slices: (first: number, last: number) => `S${slices(first, last).slice(1)}`,
    noBox: 'No box on the slices yet',
    refused: 'Does not reach your box',
  },
  prompts: {
    name: 'Prompts',
    slice: (k: number) => `Slice ${k + 1}`,
    box: (width: number, height: number) => `box ${width} × ${height} px`,
    painted: 'painted by you',
    working: 'computing',
    failed: 'failed',
    removeSlice: (k: number) => `Remove the prompts of slice ${k + 1}`,
    point: (inside: boolean, x: number, y: number) => `${inside ? '+ on' : '− beside'} the lesion, ${x} / ${y}`,
    removePoint: 'Remove this point',
  },
  window: {
    label: 'Model sees',
    choose: 'Window through which the model sees the values',
    names: { recipe: "The model's own", 'Soft tissue': 'Soft tissue', Lung: 'Lung', Bone: 'Bone' },
    range: (lower: string, upper: string, units: string) => `${lower} to ${upper} ${units}`.trim(),
    sampling: (slices: number) => `Reading ${slices} slices for the window`,
  },
  model: {
    notLoaded: 'The model is loaded when the box tool is first taken.',
    sentTo: (label: string) => `Pixels leave this computer: slices around each lesion are sent to ${label}.`,
    megabytes: (done: string, total: string) => ` ${done} of ${total} MB`,
    again: 'Load again',
    gone: (id: string) => ({
      title: `The model "${id}" is not in this browser any more.`,
      detail: 'The model of this installation is used instead. Add the other one again under Manage models.',
    }),
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
