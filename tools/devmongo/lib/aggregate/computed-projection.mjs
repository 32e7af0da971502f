// A projection of find with computed fields.
import { decodeDocument } from '../bson/values.mjs';
import { encodeDocument } from '../bson/writer.mjs';
import { compileProject } from './projection.mjs';

export function compileComputedProjection(value) {
  const transform = compileProject(decodeDocument(value.buf, value.start));
  const variables = { NOW: new Date() };
  return (buf, at) => {
    const projected = encodeDocument(transform(decodeDocument(buf, at), variables), true);
    return { buf: projected, start: 0, end: projected.length };
  };
}
