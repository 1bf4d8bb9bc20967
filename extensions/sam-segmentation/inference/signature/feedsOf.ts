import type { SamSignature } from './samSignature.ts';

/** Names of everything that two graphs of a signature are fed, and of what must come out. */
export interface SignatureNames {
  readonly encoder: { readonly inputs: readonly string[]; readonly outputs: readonly string[] };
  readonly decoder: { readonly inputs: readonly string[]; readonly outputs: readonly string[] };
}

export function namesOf(signature: SamSignature): SignatureNames {
  const { embeddings, box, mask, originalSize } = signature;
  return {
    encoder: { inputs: [signature.image], outputs: embeddings.map(({ output }) => output) },
    decoder: {
      inputs: [
        ...embeddings.map(({ input }) => input),
        signature.coords,
        signature.labels,
        ...(typeof box === 'string' ? [] : [box.input]),
        ...(mask === undefined ? [] : [mask.input, mask.given]),
        ...(originalSize === undefined ? [] : [originalSize.input]),
      ],
      outputs: [signature.masks, signature.scores],
    },
  };
}
