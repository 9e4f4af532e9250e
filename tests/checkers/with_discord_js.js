// Logs in to the fake Discord of our tests with discord.js and answers one command: the fake is
// then more than our own reading of the protocol. Run by tests/it/discord/checkers.rs.
const { Client, GatewayIntentBits, MessageFlags } = require('discord.js');

const client = new Client({
  intents: [GatewayIntentBits.Guilds],
  waitGuildTimeout: 0, // the fake has a server, and nothing to tell of it
  rest: { api: process.env.CORNERMAN_FAKE + '/api', version: '10' },
});
client.on('error', (error) => console.error('error', error));
client.on('interactionCreate', async (interaction) => {
  const text = interaction.options.getString('text');
  await interaction.reply({
    content: `heard: ${text}`,
    flags: MessageFlags.Ephemeral,
    allowedMentions: { parse: [] },
  });
});
client.login('MTE.fake.token');
