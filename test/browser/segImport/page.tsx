import { createRoot } from 'react-dom/client';
import { AppWindow, createApp } from '#app';
import { dicomSeg } from '#extensions/dicom-seg';
import { dicomWeb } from '#extensions/dicomweb';
import { localFiles } from '#extensions/local-files';
import { FAKE_CONFIG } from '../../support/fakes/fakeConfig.ts';
import { fakeViewer } from '../../support/fakes/fakeViewer.ts';

/** The real extensions that read and write segmentations, with no pixels on the screen. */
const viewer = fakeViewer();
const app = createApp(FAKE_CONFIG, [dicomSeg, dicomWeb, localFiles], viewer);

declare global {
  interface Window {
    paint(k: number, pixels: readonly number[]): void;
  }
}
Object.assign(window, {
  voxprompt: app.host,
  paint: (k: number, pixels: readonly number[]) => {
    const plane = viewer.openSeries.getState()?.series.stack.planes[0];
    const mask = new Uint8Array((plane?.columns ?? 0) * (plane?.rows ?? 0));
    for (const pixel of pixels) mask[pixel] = 1;
    viewer.stroke(k, mask);
  },
});
createRoot(document.getElementById('root')!).render(<AppWindow app={app} />);
