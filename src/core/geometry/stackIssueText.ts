import { assertNever } from '../errors.ts';
import type { StackIssue } from './stack.ts';

const mm = (value: number): string => `${value.toFixed(2)} mm`;

/** One sentence for the reader: what is wrong with the series and what that means. */
export function stackIssueText(issue: StackIssue): string {
  switch (issue.kind) {
    case 'single-slice':
      return 'One slice only: there is no third dimension.';
    case 'missing-slices':
      return `${issue.missing} slice${issue.missing === 1 ? ' is' : 's are'} missing (after slice ${issue.afterSlices.map((k) => k + 1).join(', ')}): reformats are switched off, and propagation stops at the gap.`;
    case 'uneven-spacing':
      return `Slices are unevenly spaced (${mm(issue.smallestMm)} to ${mm(issue.largestMm)}): reformats are switched off.`;
    case 'tilted':
      return `The stack is tilted by ${issue.degrees.toFixed(1)}° (gantry tilt): reformats are switched off.`;
    case 'duplicate-positions':
      return `${issue.duplicates} slices lie where another one does (${issue.positions} positions): several time points or echoes in one series, so it can only be viewed.`;
    case 'mixed-orientations':
      return `The slices have ${issue.orientations} different orientations: the series can only be viewed.`;
    case 'mixed-grids':
      return `The slices have ${issue.grids} different matrix or pixel sizes: the series can only be viewed.`;
    default:
      return assertNever(issue);
  }
}
