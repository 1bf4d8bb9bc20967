import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { acceptedTypes } from '../../../extensions/dicomweb/node.ts';
import type { ArchivedInstance } from '../archive/archive.ts';
import { sendError } from '../respond.ts';
import { instanceAddress } from './metadata.ts';
import { type AnswerPart, sendMultipart } from './multipartAnswer.ts';

/**
 * Sends whole instances (PS3.18 10.4.1.1.1) as they are stored: nothing is transcoded, so a client that insists on another
 * transfer syntax gets 406.
 */
export async function sendInstances(
  request: IncomingMessage,
  response: ServerResponse,
  instances: readonly ArchivedInstance[],
  url: URL,
): Promise<void> {
  const accepted = acceptedTypes(request.headers.accept);
  const ranges = accepted.filter(({ type, parameters }) =>
    type === 'multipart/related'
      ? parameters.type === undefined || parameters.type === 'application/dicom'
      : type === 'application/dicom' || type === '*/*' || type === 'multipart/*',
  );
  if (ranges.length === 0) return sendError(response, 406, 'Instances come as application/dicom.');
  const fits = instances.filter(({ transferSyntaxUID }) =>
    ranges.some(({ parameters }) => [undefined, '*', transferSyntaxUID].includes(parameters['transfer-syntax'])),
  );
  if (fits.length === 0)
    return sendError(response, 406, 'The instances are stored in another transfer syntax; ask for transfer-syntax=*.');
  const only = fits[0]!;
  if (fits.length === 1 && ranges.every(({ type }) => type === 'application/dicom')) {
    const { size } = await stat(only.path);
    response.writeHead(200, { 'Content-Type': 'application/dicom', 'Content-Length': size });
    return pipeline(createReadStream(only.path), response);
  }
  await sendMultipart(response, 'application/dicom', parts(fits, url));
}

async function* parts(instances: readonly ArchivedInstance[], url: URL): AsyncGenerator<AnswerPart> {
  for (const instance of instances) {
    const { size } = await stat(instance.path);
    yield {
      contentType: `application/dicom; transfer-syntax=${instance.transferSyntaxUID}`,
      location: instanceAddress(url, instance),
      length: size,
      body: { path: instance.path },
    };
  }
}
