#!/usr/bin/env node
import 'reflect-metadata';
import { Command } from 'commander';
import { initCommand } from './commands/init.js';
import { schemaCommand } from './commands/schema.js';
import { startCommand } from './commands/start.js';

const program = new Command('dynamics')
  .description('A real-time financial matrix engine over Binance spot prices, as a GraphQL API.')
  .addCommand(startCommand())
  .addCommand(initCommand())
  .addCommand(schemaCommand())
  .addHelpText(
    'after',
    '\nSettings are read from .env in this folder and from the environment; .env.example explains each.',
  );

await program.parseAsync();
