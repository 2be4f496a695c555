type Rgb = readonly [number, number, number];

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
/** What accents stand on: see `apps/pages/pages.css`. The darkest light and the lightest dark one. */
const LIGHT_GROUND: Rgb = [244, 245, 247];
const DARK_GROUND: Rgb = [36, 42, 53];
/** WCAG 2.2, success criterion 1.4.3. */
const ENOUGH_CONTRAST = 4.5;
const STEPS = 50;

/** The sheet by which pages take a team's colour: legible on light and dark, whatever it is. */
export function brandSheetOf(color: string): string {
  const brand = rgbOf(color);
  const light = legibleOn(LIGHT_GROUND, brand, BLACK);
  const dark = legibleOn(DARK_GROUND, brand, WHITE);
  return `${rootOf(light)}@media (prefers-color-scheme:dark){${rootOf(dark)}}\n`;
}

function rootOf(accent: Rgb): string {
  const text = contrast(accent, WHITE) >= contrast(accent, BLACK) ? WHITE : BLACK;
  return `:root{--accent:${hexOf(accent)};--on-accent:${hexOf(text)}}`;
}

/** The colour itself, or as much nearer to black or white as it takes. */
function legibleOn(ground: Rgb, color: Rgb, end: Rgb): Rgb {
  for (let step = 0; step < STEPS; step++) {
    const mixed = mix(color, end, step / STEPS);
    if (contrast(mixed, ground) >= ENOUGH_CONTRAST) return mixed;
  }
  return end;
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const [red, green, blue] = from.map((part, index) =>
    Math.round(part + ((to[index] ?? 0) - part) * share),
  );
  return [red ?? 0, green ?? 0, blue ?? 0];
}

/** Contrast ratio and relative luminance as WCAG 2.2 defines them. */
function contrast(one: Rgb, other: Rgb): number {
  const [brighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (brighter + 0.05) / (darker + 0.05);
}

function luminance(color: Rgb): number {
  const [red = 0, green = 0, blue = 0] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function rgbOf(color: string): Rgb {
  const part = (index: number) => Number.parseInt(color.slice(index, index + 2), 16);
  return [part(1), part(3), part(5)];
}

function hexOf(color: Rgb): string {
  return `#${color.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
