from datetime import datetime, timedelta, timezone

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

import security
from models import RefreshToken, User
from repositories import RefreshTokenRepository, UserRepository
from settings import ACCESS_TOKEN_SECONDS, REFRESH_TOKEN_DAYS


class EmailTaken(Exception):
    pass


class InvalidCredentials(Exception):
    pass


class InvalidRefreshToken(Exception):
    pass


class AuthService:
    def __init__(self, session: AsyncSession):
        self.session = session
        self.users = UserRepository(session)
        self.refresh_tokens = RefreshTokenRepository(session)

    async def register(self, email: str, password: str) -> User:
        if await self.users.find_by_email(email):
            raise EmailTaken()
        password_hash = await security.hash_password(password)
        try:
            user = await self.users.add(User(email=email, password_hash=password_hash, role="user"))
            await self.session.refresh(user)
            await self.session.commit()
        except IntegrityError:
            raise EmailTaken()
        return user

    async def login(self, email: str, password: str) -> dict:
        user = await self.users.find_by_email(email)
        if user is None or not await security.verify_password(password, user.password_hash):
            raise InvalidCredentials()
        return await self.issue(user)

    async def refresh(self, token: str) -> dict:
        stored = await self.refresh_tokens.find_for_use(security.digest_of(token))
        if stored is None:
            raise InvalidRefreshToken()
        stored.used_at = datetime.now(timezone.utc)
        return await self.issue(await self.users.get(stored.user_id))

    async def issue(self, user: User) -> dict:
        token = security.make_refresh_token()
        expires_at = datetime.now(timezone.utc) + timedelta(days=REFRESH_TOKEN_DAYS)
        await self.refresh_tokens.add(
            RefreshToken(user_id=user.id, digest=security.digest_of(token), expires_at=expires_at)
        )
        await self.session.commit()
        return {
            "accessToken": security.make_access_token(user),
            "tokenType": "Bearer",
            "expiresIn": ACCESS_TOKEN_SECONDS,
            "refreshToken": token,
        }
