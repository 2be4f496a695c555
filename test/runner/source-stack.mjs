import { findSourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/** An `Error.prepareStackTrace` that shows where things are in the source, as Jest reads it. */
export function sourceStack(error, frames) {
  const lines = frames.map((frame) => `    at ${inSource(frame)}`);
  return [Error.prototype.toString.call(error), ...lines].join('\n');
}

function inSource(frame) {
  const text = frame.toString();
  const url = frame.getFileName();
  const map = url && findSourceMap(url);
  if (!map) return text;
  const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
  const { originalSource, originalLine, originalColumn } = map.findEntry(line - 1, column - 1);
  if (originalSource === undefined) return text;
  const position = `${fileURLToPath(originalSource)}:${originalLine + 1}:${originalColumn + 1}`;
  return text.replace(`${url}:${line}:${column}`, position);
}
