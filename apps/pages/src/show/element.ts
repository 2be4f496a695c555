type Tags = HTMLElementTagNameMap;
export type Child = Node | string | null;

/**
 * An element: attributes as HTML names them (true: present, false or undefined: absent), and what is in
 * it. Text stays text.
 */
export function element<Tag extends keyof Tags>(
  tag: Tag,
  attributes: Readonly<Record<string, string | boolean | undefined>> = {},
  ...children: Child[]
): Tags[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === undefined) continue;
    made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function paragraph(text: string, className?: string): HTMLParagraphElement {
  return element('p', { class: className }, text);
}

export function link(text: string, href: string): HTMLAnchorElement {
  return element('a', { href }, text);
}

/** @param look `main` once a view, `quiet`, `danger` or `plain` (as a link) */
export function button(
  text: string,
  look: 'main' | 'quiet' | 'danger' | 'plain',
  onPress: () => unknown,
): HTMLButtonElement {
  const made = element('button', { type: 'button', class: look }, text);
  made.addEventListener('click', onPress);
  return made;
}
