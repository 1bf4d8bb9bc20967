import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import dcmjs from 'dcmjs';
import type { DicomDataset } from '#core/dicom/dataset.ts';
import { fileOf, typeOf } from '../../support/builtPage.ts';

type Element = { readonly vr: string; readonly Value?: readonly unknown[] };
const { DicomMessage } = dcmjs.data as unknown as {
  readonly DicomMessage: { readFile(part10: ArrayBufferLike): { readonly dict: Readonly<Record<string, Element>> } };
};

/** One series on disk, headers as DICOM JSON. */
export interface SeriesOnDisk {
  readonly paths: readonly string[];
  readonly headers: readonly DicomDataset[];
  /** Stored bytes of the first frame, uncompressed little endian. */
  readonly pixels: readonly ArrayBuffer[];
}

export const readSeries = (folder: string): SeriesOnDisk =>
  readFiles(
    readdirSync(folder)
      .filter((name) => name.endsWith('.dcm'))
      .map((name) => join(folder, name)),
  );

export function readFiles(paths: readonly string[]): SeriesOnDisk {
  const headers: DicomDataset[] = [];
  const pixels: ArrayBuffer[] = [];
  for (const path of paths) {
    const bytes = readFileSync(path);
    const { dict } = DicomMessage.readFile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const { '7FE00010': data, ...header } = dict;
    pixels.push(data?.Value?.[0] as ArrayBuffer);
    headers.push(JSON.parse(JSON.stringify(header)) as DicomDataset);
  }
  return { paths, headers, pixels };
}

/** Serves the built page, and each series by name as headers, Part-10 files and WADO-RS frames. */
export async function serveStudies(
  folder: string,
  studies: ReadonlyMap<string, SeriesOnDisk>,
  /** Frames that the archive fails to give, 'name/index'. */
  broken: ReadonlySet<string>,
): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    const [, kind, name = '', index = ''] = path.split('/');
    const study = studies.get(name);
    if (kind === 'headers' && study) return response.end(JSON.stringify(study.headers));
    if (kind === 'part10' && study) return response.end(readFileSync(study.paths[Number(index)]!));
    if (kind === 'frames' && study) {
      if (broken.has(`${name}/${index}`)) return response.writeHead(500).end('no');
      const part = 'Content-Type: application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1';
      response.writeHead(200, { 'Content-Type': 'multipart/related; type="application/octet-stream"; boundary=cut' });
      response.write(`--cut\r\n${part}\r\n\r\n`);
      response.write(Buffer.from(study.pixels[Number(index)]!));
      return response.end('\r\n--cut--\r\n');
    }
    try {
      const body = readFileSync(join(folder, fileOf(path)));
      response.writeHead(200, {
        'Content-Type': typeOf(fileOf(path)),
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      });
      return response.end(body);
    } catch {
      return response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}
