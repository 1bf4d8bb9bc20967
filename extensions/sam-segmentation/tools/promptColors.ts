/**
 * White for the box, which no segment has; green and vermilion for the points: told apart with the usual colour-vision
 * deficiencies, and by their signs.
 */
export const PROMPT_COLORS = { box: '#f4f4f4', inside: '#2bd49b', outside: '#ff8a4c' } as const;
