import type { ServerResponse } from 'node:http';

/** A refusal with a sentence for whoever reads the answer; never a path or patient data. */
export function sendError(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  sendJson(response, status, { error: message });
}

export const sendJson = (response: ServerResponse, status: number, body: unknown): void =>
  sendBytes(response, status, 'application/json', Buffer.from(JSON.stringify(body)));

export const sendDicomJson = (response: ServerResponse, status: number, body: unknown): void =>
  sendBytes(response, status, 'application/dicom+json', Buffer.from(JSON.stringify(body)));

export function sendBytes(response: ServerResponse, status: number, contentType: string, body: Uint8Array): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': body.length });
  response.end(body);
}
