// The app in a real browser, against the real system: see README.md.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['browser/**/*_test.ts'],
    environment: 'node',
    fileParallelism: false, // each file has a system of its own, and a machine is small
    testTimeout: 60_000,
    hookTimeout: 90_000,
  },
});
