/** `voxprompt/sam-segmentation/react`: the panel and the propagation strip, for a host that has React. */
import type { ReactElement } from 'react';
import { SamPanel as Panel, PropagationStrip } from '#extensions/sam-segmentation';
import { TooltipProvider } from '#ui';
import type { EmbeddedSam } from '../createSamSession.ts';
import { installStyles } from '../styles.ts';

/** What comes next, the prompts, the model and the lesion slice by slice. Brings its own styles, scoped to itself. */
export function SamPanel({ sam }: { readonly sam: EmbeddedSam }): ReactElement {
  installStyles();
  return (
    <TooltipProvider>
      <div className="voxprompt">
        <Panel host={sam.host} session={sam.session} />
        <PropagationStrip host={sam.host} session={sam.session} />
      </div>
    </TooltipProvider>
  );
}
