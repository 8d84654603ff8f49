// Server-sent events as they come in: pieces of text go in, whole events come out.

export interface ServerEvent { event: string; data: string }

/** Puts pieces together and gives each event once its empty line has come. */
export class EventReader {
  private rest = "";
  private searched = 0;

  push(piece: string): ServerEvent[] {
    this.rest += piece;
    const events: ServerEvent[] = [];
    for (;;) {
      // What was searched before is not searched again: an answer of megabytes comes in many pieces.
      const end = this.rest.indexOf("\n\n", Math.max(0, this.searched - 1));
      if (end < 0) {
        this.searched = this.rest.length;
        return events;
      }
      const event = readEvent(this.rest.slice(0, end));
      this.rest = this.rest.slice(end + 2);
      this.searched = 0;
      if (event !== null) events.push(event);
    }
  }
}

function readEvent(text: string): ServerEvent | null {
  let event = "message";
  const data: string[] = [];
  for (const line of text.split("\n")) {
    const [, name, value] = /^([^:]*):? ?([\s\S]*)$/.exec(line.replace(/\r$/, "")) ?? [];
    if (name === "event") event = value ?? "";
    if (name === "data") data.push(value ?? "");
  }
  return data.length === 0 ? null : { event, data: data.join("\n") };
}
