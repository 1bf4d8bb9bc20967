import { plural } from '../text/plural.ts';

/** Words of autosave, outbox and the list of what is stored in this browser. */
export const keptText = {
  region: 'Unsaved work',
  offer: (when: string) => `Unsaved work from ${when} on this series.`,
  more: (count: number) => `${plural(count, 'more piece', 'more pieces')} of unsaved work in this browser.`,
  others: (count: number) => `Unsaved work on ${plural(count, 'series', 'series')} is kept in this browser.`,
  restore: 'Restore',
  discard: 'Discard',
  show: 'Show',
  showKept: 'Show what is kept',
  later: 'Not now',
  discardQuestion: {
    title: 'Discard this unsaved work?',
    detail: 'It is in no archive. Once it is discarded, nobody can bring it back.',
    stay: 'Keep it',
    go: 'Discard',
  },
  restored: (count: number) => `${plural(count, 'segment', 'segments')} restored`,
  restoredStep: 'Restore unsaved work',
  inUse: 'Another tab works on this',
  inUseDetail: 'Close it there first: what it keeps is not touched from here.',
  gone: 'The work is no longer there.',
  elsewhere: 'This series is also open in another tab. Each tab keeps its own work; neither overwrites the other.',
  failing: 'Changes are not being kept',
  failingRemedy: 'They are in memory only, until this page closes.',
  unsupported:
    'This browser keeps no unsaved work here: that needs a secure connection (https, or this computer itself). Save before you close the page.',
  title: 'Work in this browser',
  command: 'Work kept in this browser',
  unsaved: 'Unsaved work',
  damaged: (count: number, bytes: number) =>
    `${plural(count, 'entry', 'entries')} (${sizeText(bytes)}) can no longer be read: damaged, or sealed with a key that is gone.`,
  noUnsaved: 'Nothing unsaved is kept.',
  open: 'Open series',
  inUseMark: 'open in another tab',
  noSource: 'Open its files again to take it up.',
  retention: 'Keep unsaved work',
  retentions: {
    '1': 'for one day',
    '7': 'for 7 days',
    '30': 'for 30 days',
    session: 'until the tab is closed',
    never: 'not at all',
  },
  protection: {
    nobody:
      'Without an OpenID sign-in there is no key that ends with it: what is kept is encrypted, but its key lies in the same browser profile. Whoever can use this profile can open it.',
    session: 'Encrypted with a key of your sign-in. Signing out destroys the key, and with it what is kept.',
  },
  clear: 'Clear stored data',
  clearQuestion: {
    title: 'Delete everything that is kept?',
    detail: 'Unsaved work and what has not reached the archive is deleted for good. What other tabs work on stays.',
    stay: 'Keep it',
    go: 'Delete all',
  },
  total: (count: number, bytes: number) => `${plural(count, 'entry', 'entries')}, ${sizeText(bytes)}`,
  outbox: {
    title: 'Not in the archive yet',
    none: 'Nothing waits for the archive.',
    banner: (count: number) => `${plural(count, 'segmentation has', 'segmentations have')} not reached the archive.`,
    retry: 'Try again',
    retryDetail: 'Asks the archive for it first, and sends it only if it is not there.',
    stop: 'Stop',
    download: 'Download',
    discard: 'Discard',
    discardQuestion: {
      title: 'Discard this segmentation?',
      detail: 'No archive has proved that it holds it. The file is deleted from this browser.',
      stay: 'Keep it',
      go: 'Discard',
    },
    gone: 'It is no longer in the outbox.',
    noArchive: 'Its archive is not part of this installation.',
    stopped: 'Sending was stopped: the archive may have it all the same.',
    proved: (wasThere: boolean) =>
      wasThere ? 'The archive had it already, unchanged' : 'Stored, and read back unchanged',
    interrupted: 'The page was closed while it was being sent.',
    busy: 'Being sent now.',
    otherContent: 'Save again from the series: that makes a new UID.',
  },
  leave: {
    title: 'Leave unsaved segments?',
    detail:
      'The segments of the open series have changed since they were last stored. They stay in this browser, and are offered when the series is opened again.',
    stay: 'Keep working',
    go: 'Open the other series',
  },
  state: {
    saving: 'keeping…',
    kept: 'kept in this browser',
    failing: 'not kept',
    off: 'not kept',
    idle: '',
  },
} as const;

/** '48 kB' */
export function sizeText(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** '14:32' today, else with its date. */
export function momentText(at: number, now: Date = new Date()): string {
  const moment = new Date(at);
  const time = moment.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (moment.toDateString() === now.toDateString()) return time;
  return `${moment.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })}, ${time}`;
}
