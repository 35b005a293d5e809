from datetime import datetime, timezone

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import RefreshToken, User


class UserRepository:
    def __init__(self, session: AsyncSession):
        self.session = session

    async def get(self, user_id: int):
        return await self.session.get(User, user_id)

    async def find_by_email(self, email: str):
        return (await self.session.execute(select(User).where(User.email == email))).scalar_one_or_none()

    async def add(self, user: User):
        self.session.add(user)
        await self.session.flush()
        return user


class RefreshTokenRepository:
    def __init__(self, session: AsyncSession):
        self.session = session

    async def find_for_use(self, digest: str):
        query = (
            select(RefreshToken)
            .where(RefreshToken.digest == digest)
            .where(RefreshToken.used_at.is_(None))
            .where(RefreshToken.expires_at > datetime.now(timezone.utc))
            .with_for_update()
        )
        return (await self.session.execute(query)).scalar_one_or_none()

    async def add(self, token: RefreshToken):
        self.session.add(token)
        await self.session.flush()
