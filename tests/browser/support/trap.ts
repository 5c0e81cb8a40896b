/** A server that waits for calls which must not come, and answers them in the most helpful way for an attacker. */
import { createServer, type Server } from "node:http";

export class Trap {
  /** Paths that were asked for. */
  readonly hits: string[] = [];

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async open(): Promise<Trap> {
    const holder: { trap?: Trap } = {};
    const server = createServer((request, response) => {
      holder.trap?.hits.push(request.url ?? "");
      response.writeHead(200, {
        "Access-Control-Allow-Origin": "*",
        "Content-Type": request.url?.endsWith(".js") === true ? "text/javascript" : "text/html",
      });
      response.end();
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    holder.trap = new Trap(server, `http://127.0.0.1:${address.port}`);
    return holder.trap;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}
