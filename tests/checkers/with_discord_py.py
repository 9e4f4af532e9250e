"""Logs in to the fake Discord of our tests with discord.py and answers one command: the fake is
then more than our own reading of the protocol. Run by tests/it/discord/checkers.rs."""

import os

import discord
import yarl
from discord import app_commands

base = os.environ["CORNERMAN_FAKE"]
discord.http.Route.BASE = base + "/api/v10"
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["CORNERMAN_FAKE_GATEWAY"])

client = discord.Client(intents=discord.Intents(guilds=True))
tree = app_commands.CommandTree(client)


@tree.command(name="objection", description="What to say")
async def objection(interaction: discord.Interaction, text: str):
    await interaction.response.send_message(
        f"heard: {text}", ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
    )


client.run("MTE.fake.token")
