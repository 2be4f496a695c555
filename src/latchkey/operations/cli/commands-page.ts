import type { Command } from './command.js';
import { EXIT_CODES } from './exit-codes.js';
import { flagsOf, usageOf } from './program.js';
import type { ArgumentDeclaration, OptionDeclaration } from './values.js';

/** Every command as Markdown, from what it declares: `docs/commands.md`. */
export function commandsPage(commands: readonly Command[]): string {
  return `# Commands

Every command, what it takes, and what it does. Made by \`npm run docs:commands\` from what the commands declare, which is also
what \`--help\` shows. How to call them, and which one answers what: [command-line.md](command-line.md).

| exit code | |
|---|---|
${EXIT_CODES.map(([code, meaning]) => `| ${code} | ${meaning} |`).join('\n')}

${commands.map(sectionOf).join('\n\n')}
`;
}

function sectionOf(command: Command): string {
  const { name, summary, examples = [], arguments: places = {}, options = {} } = command;
  const takes = [
    ...Object.values(places).map(placeRow),
    ...Object.entries(options).map(([key, declared]) => optionRow(key, declared)),
  ];
  const parts = [
    `## ${name}`,
    summary,
    `\`\`\`text\n${`${name} ${usageOf(command)}`.trim()}\n\`\`\``,
    ...(takes.length > 0 ? [['| | |', '|---|---|', ...takes].join('\n')] : []),
    ...(examples.length > 0 ? [`\`\`\`text\n${examples.join('\n')}\n\`\`\``] : []),
  ];
  return parts.join('\n\n');
}

function placeRow({ name, about }: ArgumentDeclaration): string {
  return `| \`<${name}>\` | ${inCell(about)} |`;
}

function optionRow(key: string, declared: OptionDeclaration): string {
  const { about, choices, required, repeatable, otherwise } = declared;
  const remarks = [
    about,
    ...(choices === undefined ? [] : [`One of ${choices.map((one) => `\`${one}\``).join(', ')}.`]),
    ...(required ? ['Required.'] : []),
    ...(repeatable ? ['Repeatable.'] : []),
    ...(otherwise !== undefined && otherwise !== false ? [`Without it, ${otherwise}.`] : []),
  ];
  return `| \`${flagsOf(key, declared)}\` | ${inCell(remarks.join(' '))} |`;
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
