// The real system (proptests/app/stage_main.cc) as an object: PostgreSQL, the embedded broker, Inventory and Orders.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const kBuilt = fileURLToPath(new URL('../../../build/app', import.meta.url));

export class Stage {
  private readonly answers: ((line: string) => void)[] = [];
  url = ''; // of Orders itself

  private constructor(
    private readonly process: ChildProcessWithoutNullStreams,
    private readonly folder: string,
  ) {
    createInterface({ input: process.stdout }).on('line', (line) => this.answers.shift()?.(line));
    process.on('exit', () => this.answers.splice(0).forEach((answer) => answer('error the stage has ended')));
  }

  static async start(flags: string[] = []): Promise<Stage> {
    const program = process.env['QUICKBITE_STAGE'];
    if (!program) throw new Error('QUICKBITE_STAGE names no program; run proptests/app/app_test.sh');
    const folder = mkdtempSync(join(tmpdir(), 'quickbite-app-'));
    chmodSync(folder, 0o755); // for the user postgres
    const stage = new Stage(spawn(program, [folder, kBuilt, ...flags], { stdio: ['pipe', 'pipe', 'inherit'] as never }) as ChildProcessWithoutNullStreams, folder);
    stage.url = await stage.answer();
    return stage;
  }

  private async answer(): Promise<string> {
    const line = await new Promise<string>((resolve) => this.answers.push(resolve));
    if (!line.startsWith('ok')) throw new Error(line);
    return line.slice(3);
  }

  act(command: string): Promise<string> {
    const answer = this.answer();
    this.process.stdin.write(`${command}\n`);
    return answer;
  }

  // A dish that no other test knows.
  async stock(name: string, quantity: number): Promise<string> {
    const sku = `${name}-${randomBytes(3).toString('hex')}`;
    await this.act(`stock ${sku} ${quantity}`);
    return sku;
  }

  // How many orders the database has of somebody.
  async ordersOf(user: string): Promise<number> {
    const [orders, ids] = (await this.act(`count ${user}`)).split(' ');
    if (orders !== ids) throw new Error('two rows are one order');
    return Number(orders);
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.process.on('exit', resolve));
    this.process.stdin.end();
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
