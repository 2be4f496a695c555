import { language } from './words.js';

const HOUR_SECONDS = 3_600;

/** As people say it: `60 minutes`, `24 Stunden`. */
export function durationOf(seconds: number): string {
  const inHours = seconds >= 2 * HOUR_SECONDS;
  const [unit, length] = inHours ? ['hour', HOUR_SECONDS] : ['minute', 60];
  const format = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' });
  return format.format(Math.max(1, Math.round(seconds / length)));
}
