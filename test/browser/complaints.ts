import type { Page } from 'playwright-core';

/** Warnings and errors of a page from now on; that it has no icon is none. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !/favicon/.test(message.location().url)) {
      complaints.push(message.text());
    }
  });
  return complaints;
}
