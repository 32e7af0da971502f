// OP_MSG, and OP_QUERY as far as the first handshake of older clients needs it.
import { MongoError } from '../errors.mjs';
import { crc32c } from './crc32c.mjs';
import { FrameError, HEADER } from './frames.mjs';
import { DocumentList, Request } from './request.mjs';
import { readInt32 } from '../bson/raw.mjs';
import { validateDocument } from '../bson/validate.mjs';
import { Writer, writeDocument } from '../bson/writer.mjs';

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HANDSHAKES = new Set(['hello', 'isMaster', 'ismaster']);
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
const KNOWN_REQUIRED_FLAGS = CHECKSUM_PRESENT | MORE_TO_COME;

/** Reads a message: the request, or what is wrong with its BSON, and how to answer. Throws FrameError if it is no message. */
export function parseMessage(message) {
  const requestId = readInt32(message, 4);
  switch (readInt32(message, 12)) {
    case OP_MSG: return parseOpMsg(message, requestId);
    case OP_QUERY: return parseOpQuery(message, requestId);
    default: throw new FrameError(`opcode ${readInt32(message, 12)} is not supported`);
  }
}

function parseOpMsg(message, requestId) {
  if (message.length < HEADER + 10) throw new FrameError('OP_MSG is too short');
  const flags = readInt32(message, HEADER);
  if ((flags & 0xffff & ~KNOWN_REQUIRED_FLAGS) !== 0) throw new FrameError(`OP_MSG has unknown flags ${flags}`);
  let end = message.length;
  if (flags & CHECKSUM_PRESENT) {
    end -= 4;
    if (crc32c(message, 0, end) !== message.readUInt32LE(end)) throw new FrameError('OP_MSG has a wrong checksum');
  }
  const parsed = { requestId, isQuery: false, wantsReply: (flags & MORE_TO_COME) === 0, request: undefined, error: undefined };
  let body = -1;
  const sections = new Map();
  try {
    for (let p = HEADER + 4; p < end;) {
      const kind = message[p++];
      if (kind === 0) {
        if (body >= 0) throw new FrameError('OP_MSG has two bodies');
        body = p;
        p = validateDocument(message, p, end);
      } else if (kind === 1) {
        p = parseSection(message, p, end, sections);
      } else {
        throw new FrameError(`OP_MSG has a section of unknown kind ${kind}`);
      }
    }
    if (body < 0) throw new FrameError('OP_MSG has no body');
    if (readInt32(message, body) === 5) throw new FrameError('OP_MSG has an empty body');
    parsed.request = new Request(message, body, sections);
  } catch (error) {
    if (error instanceof FrameError) throw error;
    parsed.error = error;
  }
  return parsed;
}

function parseSection(message, at, end, sections) {
  if (end - at < 6) throw new FrameError('OP_MSG has a section that is too short');
  const sectionEnd = at + readInt32(message, at);
  if (sectionEnd > end || sectionEnd < at + 6) throw new FrameError('OP_MSG has a section out of bounds');
  const nameEnd = message.indexOf(0, at + 4);
  if (nameEnd < 0 || nameEnd >= sectionEnd) throw new FrameError('OP_MSG has a section without a name');
  const name = message.utf8Slice(at + 4, nameEnd);
  if (sections.has(name)) throw new FrameError(`OP_MSG has two sections named ${name}`);
  const starts = [];
  let p = nameEnd + 1;
  while (p < sectionEnd) {
    starts.push(p);
    p = validateDocument(message, p, sectionEnd);
  }
  sections.set(name, new DocumentList(message, starts, true));
  return sectionEnd;
}

function parseOpQuery(message, requestId) {
  const nameEnd = message.indexOf(0, HEADER + 4);
  if (nameEnd < 0 || message.length - nameEnd < 14) throw new FrameError('OP_QUERY is too short');
  const namespace = message.utf8Slice(HEADER + 4, nameEnd);
  const query = nameEnd + 9;
  const parsed = { requestId, isQuery: true, wantsReply: true, request: undefined, error: undefined };
  try {
    validateDocument(message, query, message.length);
    parsed.request = new Request(message, query, new Map());
    parsed.request.db ??= namespace.slice(0, namespace.indexOf('.'));
    if (!HANDSHAKES.has(parsed.request.name)) {
      throw new MongoError(352, `Unsupported OP_QUERY command: ${parsed.request.name}. The client driver may require an upgrade.`);
    }
  } catch (error) {
    parsed.error = error;
  }
  return parsed;
}

let nextId = 1;

/** Writes a reply document as the message that answers `parsed`. */
export function replyTo(parsed, reply, sizeHint) {
  const writer = new Writer(sizeHint ?? 512);
  const bodyAt = parsed.isQuery ? HEADER + 20 : HEADER + 5;
  writer.reserve(bodyAt);
  writer.buf.fill(0, 0, bodyAt);
  writer.pos = bodyAt;
  writeDocument(writer, reply);
  const { buf } = writer;
  if (parsed.isQuery) buf.writeInt32LE(1, HEADER + 16);
  buf.writeInt32LE(writer.pos, 0);
  buf.writeInt32LE(nextId++ & 0x7fffffff, 4);
  buf.writeInt32LE(parsed.requestId, 8);
  buf.writeInt32LE(parsed.isQuery ? OP_REPLY : OP_MSG, 12);
  return writer.finish();
}
