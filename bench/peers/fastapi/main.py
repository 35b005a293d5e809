import models  # noqa: F401, so that the tables are known
from database import Base, engine
from fastapi import FastAPI
from routers import router

app = FastAPI()
app.include_router(router)


async def create_tables():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()


if __name__ == "__main__":
    import asyncio

    import uvicorn
    import os

    asyncio.run(create_tables())
    uvicorn.run("main:app", host="127.0.0.1", port=int(os.environ["PORT"]), workers=2, access_log=False, log_level="warning")
