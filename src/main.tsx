import { createRoot } from 'react-dom/client';
import { AppWindow, createApp, deliverSignIn, fetchConfig, StartFailure } from '#app';
import type { Extension } from '#extension-api';
import { dicomSeg } from '#extensions/dicom-seg';
import { dicomWeb } from '#extensions/dicomweb';
import { localFiles } from '#extensions/local-files';
import { samSegmentation } from '#extensions/sam-segmentation';
import { createViewer } from '#viewer';

/** Every extension of this installation: the only list there is. */
const extensions: readonly Extension[] = [samSegmentation, dicomSeg, dicomWeb, localFiles];

const element = document.getElementById('root');
if (element === null) throw new Error('index.html has no #root');
const root = createRoot(element);
const config = await fetchConfig('/config.json');
if (deliverSignIn(window)) {
  // The window of a sign-in: its answer has gone to the page that waits for it.
} else if (config.ok) {
  const app = createApp(config.value, extensions, await createViewer());
  // The same host that extensions get, for automation and end-to-end tests.
  Object.assign(window, { voxprompt: app.host });
  root.render(<AppWindow app={app} />);
} else {
  root.render(<StartFailure error={config.error} />);
}
