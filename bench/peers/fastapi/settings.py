import os

DATABASE_URL = os.environ["DATABASE_URL"].replace("postgres://", "postgresql://").replace("postgresql://", "postgresql+asyncpg://")
SECRET = os.environ["SECRET"]
BCRYPT_COST = int(os.environ["BCRYPT_COST"])
ACCESS_TOKEN_SECONDS = 600
REFRESH_TOKEN_DAYS = 7
