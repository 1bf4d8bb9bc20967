// Runs dcmqi (as WebAssembly) over a list of jobs in a process of its own, since it prints on both streams.
// usage: node dcmqi.mjs jobs.json; writes FILE.labels (int16) and answers one JSON line per job, marked with '@'.
import { readFileSync, writeFileSync } from 'node:fs';
import { readOverlappingSegmentationNode, readSegmentationNode, writeSegmentationNode } from '@itk-wasm/dicom';

for (const job of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  const answer = { file: job.file };
  try {
    if (job.kind === 'write') {
      const bytes = Uint8Array.from(readFileSync(job.labels));
      const image = { ...job.image, direction: Float64Array.from(job.image.direction), metadata: new Map() };
      await writeSegmentationNode({ ...image, data: new Int16Array(bytes.buffer) }, job.meta, job.file, {
        refDicomSeries: job.sources,
      });
    } else {
      const read = job.kind === 'overlapping' ? readOverlappingSegmentationNode : readSegmentationNode;
      const { segImage, metaInfo } = await read(job.file);
      const { size, spacing, origin, direction, data, imageType } = segImage;
      writeFileSync(`${job.file}.labels`, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      Object.assign(answer, { size, spacing, origin, direction: [...direction], imageType, metaInfo });
    }
  } catch (error) {
    answer.error = String(error?.message ?? error);
  }
  console.log(`@${JSON.stringify(answer)}`);
}
