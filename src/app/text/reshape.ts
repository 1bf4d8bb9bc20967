import { plural } from './plural.ts';

/** Words of changes by rule: of a lesion under review, else of the active segment. */
export const reshape = {
  title: (label: string) => `Edit ${label}`,
  fill: {
    title: 'Fill between slices',
    detail: 'Gives the slices between drawn ones the shape between them.',
    step: (label: string) => `Fill ${label} between slices`,
    nothing: 'No slice is missing between two drawn ones, or their shapes do not meet.',
  },
  smooth: {
    title: 'Smooth',
    detail: 'Takes off corners and spikes of a pixel or two, in three dimensions.',
    step: (label: string) => `Smooth ${label}`,
    nothing: 'It is smooth already.',
  },
  largest: {
    title: 'Keep the largest part',
    detail: 'Drops every part that is not connected to the largest one.',
    step: (label: string) => `Keep the largest part of ${label}`,
    nothing: 'It is one connected part already.',
  },
  islands: {
    title: 'Remove islands',
    detail: 'Drops separate parts smaller than a tenth of the largest one.',
    step: (label: string) => `Remove islands of ${label}`,
    nothing: 'There are no small separate parts.',
  },
  done: (title: string, slices: number) => `${title}: ${plural(slices, 'slice', 'slices')} changed.`,
} as const;
