/** A value in a path, a query or a body that its variable does not take. */
export class ParameterError extends Error {
  override readonly name = 'ParameterError';
}
