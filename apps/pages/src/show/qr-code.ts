import { encode } from 'uqr';

const SVG = 'http://www.w3.org/2000/svg';
/** Light modules around it, by which readers find it (ISO/IEC 18004, section 5.3.8). */
const QUIET_ZONE = 4;

/** A QR code, drawn here: what it holds is sent nowhere. Dark on light, also at night. */
export function qrCode(text: string, label: string): SVGElement {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_ZONE });
  const rows = data.map((row, y) =>
    row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')).join(''),
  );
  const root = shape('svg', {
    class: 'qr',
    role: 'img',
    'aria-label': label,
    viewBox: `0 0 ${size} ${size}`,
    'shape-rendering': 'crispEdges',
  });
  root.append(
    shape('rect', { width: String(size), height: String(size), fill: '#fff' }),
    shape('path', { d: rows.join(''), fill: '#000' }),
  );
  return root;
}

function shape(name: 'svg' | 'rect' | 'path', attributes: Readonly<Record<string, string>>) {
  const made = document.createElementNS(SVG, name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
