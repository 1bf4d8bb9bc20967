import { defineConfig } from 'vitest/config';

/** `unit` needs Node alone; `dicom` other programs, from apt or servers; `browser` Chromium, one test at a time. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'extensions/**/*.test.{ts,tsx}', 'test/architecture/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'dicom',
          include: ['test/{dicom,batch,remote}/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/{browser,e2e,embed,ohif}/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          maxWorkers: 1,
        },
      },
    ],
  },
});
