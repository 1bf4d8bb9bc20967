/** Words of finding a study. */
export const find = {
  description: 'Study description',
  range: 'From … to …',
  from: 'From',
  to: 'To',
  clear: 'Clear search',
  recent: 'Recent',
  clearRecent: 'Forget recent studies',
  openRecent: (name: string, date: string | undefined) => (date === undefined ? name : `${name}, ${date}`),
  madeOn: (date: string) => `made ${date}`,
} as const;
