// What stands between the phone and the shop: passes everything on, until a test takes it away, or an answer.
import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export class Tunnel {
  open = true;
  posts: string[] = []; // the idempotency key of each order that came
  private answersToLose = 0;
  private appended = { path: '', words: '' };
  private refusals: { status: number; body: string; headers: Record<string, string> }[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly shop: URL,
  ) {
    server.on('request', (request, response) => this.pass(request, response));
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  static async to(shop: string): Promise<Tunnel> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Tunnel(server, new URL(shop));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  // Nobody gets through, and who is on the way does not arrive.
  close(): void {
    this.open = false;
    for (const socket of this.sockets) socket.destroy();
  }
  reopen(): void {
    this.open = true;
  }

  // The next orders come to the shop; what it says about them does not come back.
  loseAnswers(count: number): void {
    this.answersToLose = count;
  }

  // The next order is answered so, and never comes to the shop.
  refuseNext(status: number, body: string, headers: Record<string, string> = {}): void {
    this.refusals.push({ status, body, headers });
  }

  // From now on that file ends with these words too.
  append(path: string, words: string): void {
    this.appended = { path, words };
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    if (!this.open) return void request.socket.destroy();
    const isOrder = request.method === 'POST' && request.url === '/v1/orders';
    if (isOrder) this.posts.push(String(request.headers['idempotency-key']));
    const refusal = isOrder ? this.refusals.shift() : undefined;
    if (refusal) {
      request.resume();
      response.writeHead(refusal.status, refusal.headers);
      return void response.end(refusal.body);
    }
    const loses = isOrder && this.answersToLose > 0;
    if (loses) this.answersToLose -= 1;
    const onward = ask({ host: this.shop.hostname, port: this.shop.port, method: request.method, path: request.url, headers: this.plain(request) }, (answer) => {
      if (loses) {
        answer.resume();
        return void answer.on('end', () => request.socket.destroy());
      }
      const longer = request.url === this.appended.path && answer.statusCode === 200;
      if (longer) delete answer.headers['content-length'];
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response, { end: !longer });
      if (longer) answer.on('end', () => response.end(this.appended.words));
    });
    onward.on('error', () => request.socket.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  }

  // What is to be appended to must not be compressed, nor be known by its old tag.
  private plain({ url, headers }: IncomingMessage): IncomingMessage['headers'] {
    if (url !== this.appended.path) return headers;
    const { 'accept-encoding': _coding, 'if-none-match': _tag, ...rest } = headers;
    return rest;
  }

  async end(): Promise<void> {
    this.close();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
