/** One line that says what is going on, on a terminal; otherwise one line for each row. */
export class Progress {
  private name = '';

  constructor(private readonly output: NodeJS.WriteStream) {}

  begin(name: string): void {
    this.name = name;
    if (!this.output.isTTY) this.output.write(`measuring ${name} …\n`);
  }

  show(text: string): void {
    if (this.output.isTTY) this.output.write(`\r\x1b[K${this.name}: ${text}`);
  }

  clear(): void {
    if (this.output.isTTY) this.output.write('\r\x1b[K');
  }
}
