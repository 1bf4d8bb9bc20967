import type { ModelManifest } from '../manifest.ts';
import { SAM_SIGNATURES, type SamSignature, samSignatureSchema } from './samSignature.ts';

/** The signature that a manifest describes: by its tensors alone (`sam`), or as its family's with what it says otherwise. */
export function signatureOf(manifest: ModelManifest): SamSignature {
  if (manifest.family !== 'sam') {
    return samSignatureSchema.parse({ ...SAM_SIGNATURES[manifest.family], ...manifest.signature });
  }
  const { tensors } = manifest;
  const { originalSize: _, ...withoutSize } = SAM_SIGNATURES['meta-sam'];
  return {
    ...withoutSize,
    image: tensors.image,
    embeddings: [{ output: tensors.imageEmbeddings, input: tensors.imageEmbeddings }],
    coords: tensors.pointCoords,
    labels: tensors.pointLabels,
    mask: { input: tensors.maskInput, given: tensors.hasMaskInput },
    masks: tensors.lowResMasks,
    scores: tensors.iouPredictions,
  };
}
