import type { AppError } from '#core/errors.ts';
import type { ModelOrigin } from './library/modelFolder.ts';
import { megabytes } from './library/sizes.ts';

const day = (iso: string): string => new Date(iso).toLocaleDateString(undefined, { dateStyle: 'medium' });
const from = ({ kind, name }: ModelOrigin): string =>
  kind === 'web' ? name : name === '' ? 'this computer' : `the folder ${name}`;

/** Every word of the models dialog. */
export const modelsText = {
  command: 'Manage models',
  inSettings: 'Models',
  title: 'Models',
  close: 'Close',
  label: 'Model',
  choose: 'Model that answers boxes and points',
  manage: 'Manage models',
  afterLesion: 'Accept or drop the lesion first: it must have one model.',
  intro: 'A model that you add is fetched once, checked, and kept in this browser, on the disk of this computer.',
  list: 'Models that are here',
  inUse: 'In use',
  propagates: 'Makes the neighbours',
  about: (version: string, family: string, bytes: number) => `Version ${version} · ${family} · ${megabytes(bytes)}`,
  builtIn: 'came with this installation',
  added: (origin: ModelOrigin, at: string) => `added on ${day(at)} from ${from(origin)}`,
  use: 'Use',
  licence: (spdx: string) => `Licence: ${spdx}`,
  licenceOf: (name: string) => `Licence of ${name}`,
  loadingLicence: 'Reading the licence.',
  test: {
    run: 'Self-test',
    again: 'Test again',
    notRun: 'Self-test: each time it is first loaded in a browser.',
    running: (doing: string) => `Self-test: ${doing === '' ? 'starting' : doing.toLowerCase()}`,
    passed: (words: string, at: string | undefined) =>
      `Self-test passed${at === undefined ? '' : ` on ${day(at)}`}. ${words}.`,
    failed: 'Self-test failed.',
  },
  remove: 'Delete',
  removeQuestion: (name: string, bytes: number) => `Delete ${name} (${megabytes(bytes)}) from this browser?`,
  keep: 'Keep',
  space: (bytes: number) => `Added models take ${megabytes(bytes)} in this browser.`,
  noSpace: 'No model has been added in this browser.',

  add: {
    heading: 'Add a model',
    drop: 'Drop the folder of a model here',
    dropDetail: 'manifest.json and the files that it names; or only the ONNX graphs of a known family.',
    chooseFolder: 'Choose a folder',
    address: 'Address of a manifest.json',
    lookAt: 'Look at it',
    hosts: (hosts: readonly string[]) =>
      hosts.length === 0
        ? 'This installation lets the browser fetch models from its own server only. For other hosts, have it started with --model-host.'
        : `Your browser will fetch it itself, from this server or ${hosts.join(', ')}. That host sees your address, and no patient data.`,
    placeholder: 'https://',
  },
  looking: (at: string) => (at === '' ? 'Looking at the files.' : `Looking at ${at}.`),
  cancel: 'Cancel',
  asking: {
    heading: 'What the files do not say',
    found: (family: string) =>
      `There is no manifest, but the graphs are those of a "${family}" model. The rest only you can know.`,
    name: 'Name',
    pixels: 'Values that the model expects',
    choosePixels: 'Choose',
    recipes: {
      'bytes-imagenet': '0 to 255, mean and deviation of ImageNet (Segment Anything, MobileSAM, EdgeSAM)',
      'unit-imagenet': '0 to 1, mean and deviation of ImageNet (SAM 2, MedSAM2, SlimSAM)',
      unit: '0 to 1, nothing more (MedSAM, EfficientSAM)',
      bytes: '0 to 255, nothing more (exports that normalise inside)',
    },
    window: 'Window for CT',
    windows: {
      'soft-tissue': 'Soft tissue, -160 to 240 HU',
      lung: 'Lung, -1350 to 150 HU',
      brain: 'Brain, 0 to 80 HU',
      bone: 'Bone, -450 to 1050 HU',
      wide: 'Wide, -1000 to 1000 HU',
    },
    others: 'Other modalities: from the 0.5th to the 99.5th percentile of what is not zero.',
    inputSize: 'Frame of the encoder, px',
    outputSize: 'Mask of the decoder, px',
    licence: 'Licence, by its name or SPDX id',
    licenceText: 'Text of the licence',
    next: 'Continue',
  },
  offer: {
    heading: (name: string) => `Add ${name}?`,
    what: (version: string, family: string) => `Version ${version}, of the family "${family}".`,
    source: (text: string) => `Source: ${text}`,
    upstream: (text: string) => `From: ${text}`,
    fetches: (files: number, bytes: number, origin: ModelOrigin) =>
      origin.kind === 'web'
        ? `Your browser will fetch ${files} files, ${megabytes(bytes)}, from ${origin.name}.`
        : `${files} files, ${megabytes(bytes)}, are copied from ${from(origin)}.`,
    hashes:
      'Each must have the SHA-256 of the manifest, and the model must pass its self-test; otherwise nothing is kept.',
    drafted:
      'There was no hash to compare the files with. The model must pass its self-test; otherwise nothing is kept.',
    licence: (spdx: string) => `Its licence (${spdx}):`,
    accept: 'Accept the licence and add',
    decline: 'Do not add',
  },
  installing: {
    files: (name: string, loaded: number, total: number) =>
      `${name}: ${megabytes(loaded)} of ${megabytes(total)}, checked as they come.`,
    test: (name: string, doing: string) => `${name}: self-test${doing === '' ? '' : `, ${doing.toLowerCase()}`}.`,
  },
  refused: { heading: 'The model was not added', back: 'Back' },
  done: {
    heading: (name: string) => `${name} is here`,
    words: (words: string) => `It passed its self-test. ${words}.`,
    stays: 'It stays in this browser, also without a network.',
    use: 'Use it now',
    back: 'Done',
  },
  technical: 'Detail',
} as const;

export const errorText = ({ message, remedy }: AppError): string =>
  remedy === undefined ? message : `${message} ${remedy}`;
