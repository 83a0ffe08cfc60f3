// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Registry} from "./Registry.sol";
import {IssueUnits, RedeemUnits, SettlementTypes} from "./SettlementTypes.sol";
import {SignedByParties} from "./SignedByParties.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {Seat} from "./libraries/Offices.sol";

// Model: balances are OpenZeppelin's. Beside its balance an account has one word, which is zero without a period:
//
//   _accounts[account]     position 8 | debt 6 | since 5 | number 8 bytes
//   _issuers[organisation] outstanding 6 | number 8 bytes
//
// The sum of all balances is `totalSupply`, and that the sum of what the issuers have outstanding. All of it
// is below 2^48, so that whoever reads it in numbers of 53 bits reads it exactly. An office has at most 255 seats, and one
// organisation at most a 256th of it outstanding, so that no seat leaves nothing for the others. The balance of this contract itself
// is what was paid in by clearing and not paid out yet: the sum of all positions. No account's balance and position
// are below 0 together, so that clearing all of them always comes out even.

/// @title Settlement units
contract Settlement is ISettlement, ERC20, SignedByParties {
    using SettlementTypes for *;

    /// @inheritdoc ISettlement
    uint48 public constant MOST_OUTSTANDING = 2 ** 40 - 1;

    /// @inheritdoc ISettlement
    address public immutable claims;
    /// @inheritdoc ISettlement
    uint32 public immutable period;

    mapping(address account => Account) private _accounts;
    mapping(bytes32 organisation => Issuer) private _issuers;

    modifier byClaims() {
        if (msg.sender != claims) revert UnitsBound();
        _;
    }

    /// @param registry_ The network's Registry.
    /// @param claims_ The contract that moves units.
    /// @param period_ Seconds of a period; 0 if payments move units at once.
    constructor(
        Registry registry_,
        address claims_,
        uint32 period_
    ) ERC20("Medseal settlement unit", "MSU") SignedByParties(registry_) {
        (claims, period) = (claims_, period_);
    }

    /// @inheritdoc ISettlement
    function issue(IssueUnits[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _issue(requests[i], signatures[i]));
    }

    /// @inheritdoc ISettlement
    function redeem(RedeemUnits[] calldata requests, bytes[2][] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _redeem(requests[i], signatures[i]));
    }

    /// @inheritdoc ISettlement
    function clear(address[] calldata accounts) external {
        for (uint256 i; i < accounts.length; ++i) _report(i, _clear(accounts[i]));
    }

    /// @inheritdoc ISettlement
    function pay(
        address from,
        address to,
        uint48 amount,
        address other,
        uint48 otherAmount
    ) external byClaims returns (bytes4) {
        if (to == address(this) || other == address(this)) return AccountInvalid.selector;
        if (_accounts[from].debt > 0) return DebtOpen.selector;
        if (availableOf(from) < uint256(amount) + otherAmount) return FundsMissing.selector;
        _move(from, to, amount);
        _move(from, other, otherAmount);
        return 0;
    }

    /// @inheritdoc ISettlement
    function takeBack(address from, address to, uint48 amount) external byClaims returns (uint48 taken) {
        taken = _moveSome(from, to, amount);
        if (taken == amount) return taken;
        // It takes reversals of more units than there can be at once, and no judgement fails for them.
        uint256 debt = uint256(_accounts[from].debt) + amount - taken;
        _setDebt(from, debt > type(uint48).max ? type(uint48).max : uint48(debt));
    }

    /// @inheritdoc ISettlement
    function collect(address from, address to, uint48 amount) external byClaims returns (uint48 taken) {
        taken = _moveSome(from, to, amount);
        uint48 debt = _accounts[from].debt;
        if (taken > 0) _setDebt(from, taken < debt ? debt - taken : 0);
    }

    /// @notice Reverts: units are moved by claims alone.
    function transfer(address, uint256) public pure override(ERC20, IERC20) returns (bool) {
        revert UnitsBound();
    }

    /// @notice Reverts: units are moved by claims alone.
    function transferFrom(address, address, uint256) public pure override(ERC20, IERC20) returns (bool) {
        revert UnitsBound();
    }

    /// @notice Reverts: units are moved by claims alone.
    function approve(address, uint256) public pure override(ERC20, IERC20) returns (bool) {
        revert UnitsBound();
    }

    function _issue(IssueUnits calldata request, bytes calldata signature) private returns (bytes4) {
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        Issuer storage issuer = _issuers[request.organisation];
        if (request.number != issuer.number + 1) return NumberUnexpected.selector;
        if (request.account == address(0) || request.account == address(this)) return AccountInvalid.selector;
        if (
            request.amount == 0 ||
            uint256(issuer.outstanding) + request.amount > MOST_OUTSTANDING ||
            totalSupply() + request.amount > type(uint48).max
        ) return AmountInvalid.selector;
        bytes4 refusal = _seatRefusal(request.organisation, _digest(request.hash()), signature);
        if (refusal != 0) return refusal;

        (issuer.outstanding, issuer.number) = (issuer.outstanding + request.amount, request.number);
        _mint(request.account, request.amount);
        emit Issued(request.organisation, request.account, request.amount, request.number);
        return 0;
    }

    function _redeem(RedeemUnits calldata request, bytes[2] calldata signatures) private returns (bytes4) {
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        Issuer storage issuer = _issuers[request.organisation];
        Account storage account = _accounts[request.holder];
        if (request.number != account.number + 1) return NumberUnexpected.selector;
        if (request.amount == 0 || request.amount > issuer.outstanding) return AmountInvalid.selector;
        if (request.holder == address(this)) return AccountInvalid.selector;
        if (account.debt > 0) return DebtOpen.selector;
        if (request.amount > balanceOf(request.holder) || request.amount > availableOf(request.holder))
            return FundsMissing.selector;
        bytes32 digest = _digest(request.hash());
        bytes4 refusal = _holderRefusal(request.holder, digest, signatures[0]);
        if (refusal == 0) refusal = _seatRefusal(request.organisation, digest, signatures[1]);
        if (refusal != 0) return refusal;

        (issuer.outstanding, account.number) = (issuer.outstanding - request.amount, request.number);
        _burn(request.holder, request.amount);
        emit Redeemed(request.holder, request.organisation, request.amount, request.number);
        return 0;
    }

    function _clear(address id) private returns (bytes4) {
        Account storage account = _accounts[id];
        int64 position = account.position;
        if (position == 0) return NothingToClear.selector;
        if (account.since >= _now()) return ClearingEarly.selector;
        uint256 amount = position < 0 ? uint64(-position) : uint64(position);
        if (position < 0) {
            account.position = 0;
            _transfer(id, address(this), amount);
        } else {
            uint256 paidIn = balanceOf(address(this));
            if (paidIn == 0) return NothingToClear.selector;
            if (paidIn < amount) amount = paidIn;
            account.position = position - int64(uint64(amount));
            _transfer(address(this), id, amount);
        }
        return 0;
    }

    function _moveSome(address from, address to, uint48 amount) private returns (uint48) {
        uint256 there = availableOf(from);
        if (there < amount) amount = uint48(there);
        _move(from, to, amount);
        return amount;
    }

    function _move(address from, address to, uint48 amount) private {
        if (amount == 0) return;
        if (period == 0) return _transfer(from, to, amount);
        _shift(_accounts[from], -int64(uint64(amount)));
        _shift(_accounts[to], int64(uint64(amount)));
        emit Accrued(from, to, amount);
    }

    function _shift(Account storage account, int64 by) private {
        if (account.position == 0) account.since = _now();
        account.position += by;
    }

    function _setDebt(address account, uint48 debt) private {
        _accounts[account].debt = debt;
        emit DebtChanged(account, debt);
    }

    /// @notice Digits after the point in which one unit of the currency is written.
    function decimals() public pure override returns (uint8) {
        return 2;
    }

    /// @inheritdoc ISettlement
    function availableOf(address account) public view returns (uint256) {
        return uint256(int256(balanceOf(account)) + _accounts[account].position);
    }

    /// @inheritdoc ISettlement
    function accountOf(address account) external view returns (Account memory) {
        return _accounts[account];
    }

    /// @inheritdoc ISettlement
    function issuerOf(bytes32 organisation) external view returns (Issuer memory) {
        return _issuers[organisation];
    }

    /// Says why no member of the authority signed for its organisation; 0 if one did.
    function _seatRefusal(
        bytes32 organisation,
        bytes32 digest,
        bytes calldata signature
    ) private view returns (bytes4) {
        (address signer, ECDSA.RecoverError fault, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (fault != ECDSA.RecoverError.NoError) return SignatureInvalid.selector;
        (Seat[] memory seats, ) = registry.authority();
        for (uint256 i; i < seats.length; ++i) {
            if (seats[i].holder == signer && seats[i].organisation == organisation) return 0;
        }
        return SeatMissing.selector;
    }

    /// The number of the present period.
    function _now() private view returns (uint40) {
        return uint40(block.timestamp / period);
    }
}
