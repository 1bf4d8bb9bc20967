import { getEnabledElement } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/tools';
import { type PromptPort, showsAcquisitionPlane } from './promptPort.ts';

/**
 * Whether a gesture may become a prompt: a series is open, and the view shows its slices as they were acquired. Where it may not,
 * the event is consumed and the reader is told why.
 */
export function mayPrompt(prompts: PromptPort | undefined, event: Types.EventTypes.InteractionEventType): boolean {
  const ground = prompts?.ground();
  const viewport = getEnabledElement(event.detail.element)?.viewport;
  const normal = viewport?.getCamera().viewPlaneNormal;
  if (ground !== undefined && normal !== undefined && showsAcquisitionPlane(ground.stack, normal)) return true;
  prompts?.refuse(ground === undefined ? 'nothing-open' : 'not-the-acquisition-plane');
  event.preventDefault();
  return false;
}
