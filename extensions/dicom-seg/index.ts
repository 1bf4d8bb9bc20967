import { ok } from '#core/result.ts';
import type { Extension, SegmentationFormat } from '#extension-api';
import { contentOf } from './content.ts';
import { decodeSegmentation } from './decode.ts';
import { encodeSegmentation } from './encode.ts';
import { placeWithChoices } from './model/placement.ts';
import { randomUid } from './randomUid.ts';
import { saveCommands } from './save/commands.ts';
import { createSaver, type Saver } from './save/saveSession.ts';
import { VOXPROMPT } from './software.ts';
import { savePanels } from './ui/panels.tsx';
import { sameContent, verifyEncoded } from './verify.ts';

export { checkSegmentation, type Finding } from './check.ts';
export { decodeSegmentation } from './decode.ts';
export { encodeSegmentation } from './encode.ts';
export { placeOnSeries } from './model/place.ts';
export { sameContent, verifyEncoded } from './verify.ts';

/** Reads and writes DICOM Segmentation objects. */
export const segmentationFormat: SegmentationFormat = {
  encode(request) {
    const { series, labelmap, kind = 'BINARY', predecessor } = request;
    const encoded = encodeSegmentation({
      series,
      labelmap,
      content: contentOf(request),
      software: VOXPROMPT,
      uids: randomUid,
      kind,
      ...(predecessor === undefined ? {} : { predecessor: predecessor.header }),
    });
    if (!encoded.ok) return encoded;
    const { bytes, sopInstanceUID, seriesInstanceUID, dataset } = encoded.value;
    return ok({ bytes, sopInstanceUID, seriesInstanceUID, header: dataset });
  },
  decode: (bytes, series, choices) => {
    const decoded = decodeSegmentation(bytes);
    return decoded.ok ? placeWithChoices(decoded.value, series, choices) : decoded;
  },
  verify: verifyEncoded,
  sameContent,
};

export const dicomSeg: Extension = {
  id: 'dicom-seg',
  contribute() {
    let saver: Saver | undefined;
    return {
      segmentationFormat,
      commands: saveCommands(() => saver),
      panels: savePanels(() => saver),
      activate(host) {
        const started = createSaver(host);
        saver = started;
        return () => {
          started.dispose();
          saver = undefined;
        };
      },
    };
  },
};
