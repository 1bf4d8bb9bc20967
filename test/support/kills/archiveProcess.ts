/** The embedded archive alone in a process that can be killed: `node archiveProcess.js DATA_DIR` prints its DICOMweb root. */
import { Archive } from '../../../src/server/archive/archive.ts';
import { clearStaging } from '../../../src/server/archive/durableWrite.ts';
import { scanFolder } from '../../../src/server/archive/scanFolder.ts';
import { createVoxPromptServer, listen } from '../../../src/server/server.ts';

const dataDir = process.argv[2]!;
const archive = new Archive(dataDir);
await clearStaging(archive.stagingDir, 0);
await scanFolder(archive, archive.studiesDir);
const server = createVoxPromptServer({ root: dataDir, backend: { kind: 'embedded', archive }, defaultModel: 'none' });
console.log(`root ${await listen(server, '127.0.0.1', 0)}/dicom-web`);
