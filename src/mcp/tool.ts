import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import { AskFailure, type Ask } from './ask.js';

/** What tools work with. */
export interface Context {
  readonly ask: Ask;
  /** The clock of this machine, milliseconds since 1970. */
  readonly now: () => number;
  /** Is told of what nobody expected. */
  readonly onFault: (error: unknown) => void;
}

/** What a tool answers: the same in short for people, and as data. */
export interface ToolAnswer<Data> {
  readonly text: string;
  readonly data: Data;
}

interface Tool<In extends z.ZodRawShape, Out extends z.ZodRawShape> {
  readonly name: string;
  readonly title: string;
  /** For the model: what it answers, and when to ask it. */
  readonly description: string;
  readonly input: In;
  readonly output: Out;
  answer(
    args: z.infer<z.ZodObject<In>>,
    context: Context,
  ): Promise<ToolAnswer<z.infer<z.ZodObject<Out>>>>;
}

/** Makes a tool known to a server. */
export type RegisterTool = (server: McpServer, context: Context) => void;

const UNFORESEEN =
  'This could not be answered: the log on standard error of "dynamics mcp" says why.';

/** A tool that reads, and changes nothing. */
export function readingTool<In extends z.ZodRawShape, Out extends z.ZodRawShape>(
  tool: Tool<In, Out>,
): RegisterTool {
  const { name, title, description } = tool;
  // What is not known is refused: it would be a slip that nobody notices.
  const inputSchema: z.ZodType = z.strictObject(tool.input);
  const outputSchema: z.ZodType = z.object(tool.output);
  return (server, context) => {
    server.registerTool(
      name,
      {
        ...{ title, description },
        inputSchema,
        outputSchema,
        annotations: { title, readOnlyHint: true, openWorldHint: false },
      },
      async (args) => {
        try {
          const { text, data } = await tool.answer(args as z.infer<z.ZodObject<In>>, context);
          return { content: [{ type: 'text', text }], structuredContent: { ...data } };
        } catch (error) {
          return { content: [{ type: 'text', text: wordsOf(error, context) }], isError: true };
        }
      },
    );
  };
}

function wordsOf(error: unknown, { onFault }: Context): string {
  if (error instanceof AskFailure) return error.message;
  onFault(error);
  return UNFORESEEN;
}
