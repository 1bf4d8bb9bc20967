/**
 * Who may import whom (DESIGN, section 2), as an allow-list: what is not allowed here is an error.
 * Tests may reach further (a unit test sits beside its code and may use vitest, fast-check and Node).
 */
const CORE = '^src/core/';
const API = '^src/extension-api/';
const TEST = '\\.test\\.tsx?$';
const PURE = '^extensions/(dicom-seg/(model|nifti|rtstruct|report)|sam-segmentation/(prompt|preprocess|mask|propagation|volume))/';
const npm = (...names) => `(^|/)node_modules/(${names.join('|')})(/|$)`;
const ONNX = npm('onnxruntime-web', 'onnxruntime-node', 'onnxruntime-common');
const CORNERSTONE = npm('@cornerstonejs');
const REACT = npm('react', 'react-dom', '@types/react', '@types/react-dom');
const NODE = '^(node:)?(assert|buffer|child_process|crypto|events|fs|http|https|module|net|os|path|process|readline|stream|timers|url|util|worker_threads|zlib)(/|$)';

const DOORS = '^extensions/[^/]+/index\\.ts$';

const room = (path, ...to) => ({ from: { path, pathNot: TEST }, to: { path: to } });

module.exports = {
  allowedSeverity: 'error',
  allowed: [
    { from: { path: TEST }, to: {} },
    { from: { path: '^test/' }, to: {} },
    room(CORE, CORE),
    room(API, API, CORE, npm('zod')),
    room('^src/ui/', '^src/ui/', CORE, REACT, npm('radix-ui')),
    room('^src/viewer/', '^src/viewer/', CORE, API, CORNERSTONE, npm('zustand', 'fflate', 'dicom-parser')),
    room('^src/viewer/(solid|blending)/', npm('@kitware/vtk\\.js')),
    room('^src/app/', '^src/app/', CORE, API, '^src/viewer/', '^src/ui/', REACT, npm('zustand')),
    room('^src/app/vault/', npm('idb')),
    room('^src/app/signIn/', npm('oauth4webapi')),
    room('^src/main\\.tsx$', '^src/(app|viewer|ui|core|extension-api)/', '^extensions/[^/]+/index\\.ts$', REACT),
    // Roots of their own: other people's viewers as hosts, instead of src/app and src/viewer.
    room('^src/embed/', '^src/embed/', CORE, API, '^src/ui/', '^src/viewer/state\\.ts$', '^src/app/(commands|labelmap)/', DOORS, CORNERSTONE, REACT),
    room('^src/ohif/', '^src/(ohif|embed)/', CORE, API, '^src/ui/', DOORS, '^extensions/sam-segmentation/inference/worker\\.ts$', CORNERSTONE, REACT),
    room('^src/(embed|ohif)/[a-z]+\\.mjs$', NODE, npm('vite')),
    room('^src/(server|cli)/', '^src/(server|cli|core|extension-api)/', '^extensions/[^/]+/(index|node)\\.ts$', NODE),
    room('^src/cli/', npm('zod')),
    room('^src/cli/bench/browser/', npm('playwright-core', 'vite')),
    room('^src/server/build\\.mjs$', npm('vite')),
  room(PURE, PURE, CORE),
    { from: { path: '^extensions/([^/]+)/', pathNot: `${PURE}|${TEST}` }, to: { path: ['^extensions/$1/', CORE, API] } },
    room('^extensions/[^/]+/ui/', '^src/ui/', REACT, npm('zustand')),
    room('^extensions/sam-segmentation/tools/', CORNERSTONE),
    room('^extensions/sam-segmentation/inference/backends/', ONNX, NODE, '^onnxruntime-web/[^/]+\\?url$'),
    room('^extensions/sam-segmentation/(inference|library|session)/', npm('zod', 'zustand')),
    room('^extensions/sam-segmentation/(inference|speed)/.*\\.node\\.ts$', NODE),
    room('^extensions/dicom-seg/(encode|decode)\\.ts$', npm('dcmjs')),
    room('^extensions/dicom-seg/part10/', npm('dcmjs', 'fflate')),
    room('^extensions/dicom-seg/exports\\.ts$', npm('fflate')),
    room('^extensions/local-files/part10/', npm('dcmjs', 'dicom-parser', 'fflate')),
    room('^extensions/local-files/part10/codecs/', NODE, npm('@cornerstonejs/(codec-[a-z0-9-]+|jpeg-lossless-decoder-js)')),
    room('^extensions/local-files/', npm('fflate')),
  ],
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'no-extension-imports-another',
      severity: 'error',
      from: { path: '^extensions/([^/]+)/', pathNot: TEST },
      to: { path: '^extensions/', pathNot: '^extensions/$1/' },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: { pathNot: '\\.mjs$' },
      to: { couldNotResolve: true, pathNot: ['\\?(url|worker|raw|inline)', '\\.css$', '^dcmjs$'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['\\.css$'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'], extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'] },
  },
};
