from datetime import datetime

import jwt
from fastapi import APIRouter, Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, EmailStr, Field

import security
from database import get_session
from repositories import UserRepository
from services import AuthService, EmailTaken, InvalidCredentials, InvalidRefreshToken

router = APIRouter()
bearer = HTTPBearer()


class Credentials(BaseModel):
    email: EmailStr
    password: str = Field(min_length=8, max_length=72)


class RefreshRequest(BaseModel):
    refreshToken: str


class UserResponse(BaseModel):
    id: int
    email: str
    role: str
    created_at: datetime

    class Config:
        orm_mode = True


class TokenResponse(BaseModel):
    accessToken: str
    tokenType: str
    expiresIn: int
    refreshToken: str


class Note(BaseModel):
    text: str


def auth_service(session=Depends(get_session)):
    return AuthService(session)


async def current_user(credentials: HTTPAuthorizationCredentials = Depends(bearer), session=Depends(get_session)):
    try:
        claims = security.read_access_token(credentials.credentials)
    except jwt.InvalidTokenError:
        raise HTTPException(401, "Invalid token")
    user = await UserRepository(session).get(int(claims["sub"]))
    if user is None:
        raise HTTPException(401, "Invalid token")
    return user


@router.post("/auth/register", status_code=201, response_model=UserResponse)
async def register(body: Credentials, auth: AuthService = Depends(auth_service)):
    try:
        return await auth.register(body.email.lower(), body.password)
    except EmailTaken:
        raise HTTPException(409, "Email taken")


@router.post("/auth/login", response_model=TokenResponse)
async def login(body: Credentials, auth: AuthService = Depends(auth_service)):
    try:
        return await auth.login(body.email.lower(), body.password)
    except InvalidCredentials:
        raise HTTPException(401, "Invalid credentials")


@router.post("/auth/refresh", response_model=TokenResponse)
async def refresh(body: RefreshRequest, auth: AuthService = Depends(auth_service)):
    try:
        return await auth.refresh(body.refreshToken)
    except InvalidRefreshToken:
        raise HTTPException(401, "Invalid refresh token")


@router.get("/users/me", response_model=UserResponse)
async def me(user=Depends(current_user)):
    return user


@router.get("/guarded", response_model=Note)
async def guarded(user=Depends(current_user)):
    return Note(text="a note")
